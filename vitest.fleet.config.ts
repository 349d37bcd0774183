import { defineConfig, mergeConfig } from "vitest/config";
import whole from "./vitest.config.js";

/** Releases on real hosts: Ansible, pm2 and sshd. `mergeConfig` would join the lists of files. */
const { include: _, ...rest } = whole.test ?? {};
export default mergeConfig({ test: rest }, defineConfig({ test: { include: ["test/fleet/**/*.test.ts"] } }));
