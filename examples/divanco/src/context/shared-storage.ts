/**
 * One slot for the whole process, with the face of AsyncLocalStorage: what a module-level "current tenant"
 * is. It seems right as long as requests come one after the other. Only for LEAK=context-bleed.
 */
export class SharedStorage<Store> {
  #current: Store | undefined;

  run<Result>(store: Store, work: () => Result): Result {
    this.#current = store;
    return work();
  }

  getStore(): Store | undefined {
    return this.#current;
  }
}
