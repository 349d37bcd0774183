/** How Ansible reaches the hosts. Paths are absolute. */
export interface AnsibleConnection {
  /** Files, folders or lists of hosts. */
  readonly inventory: readonly string[];
  readonly vaultPasswordFiles: readonly string[];
  /** The user to become on each host; true is Ansible's default, root. */
  readonly become: boolean | string;
  readonly privateKey: string | undefined;
  /** A host that stands before the others: `user@bastion:22`. */
  readonly bastion: string | undefined;
  /** More options of ssh, scp and sftp. */
  readonly sshArguments: string | undefined;
  /** Hosts that are worked on at once. */
  readonly forks: number | undefined;
  /** Anything else that ansible-playbook takes, as it stands. */
  readonly arguments: readonly string[];
}

/** One run of a playbook. */
export interface PlaybookRun {
  /** Absolute path. */
  readonly playbook: string;
  /** Hosts of the inventory. */
  readonly hosts: readonly string[];
  /** Nothing is changed. */
  readonly isCheck?: boolean | undefined;
}

/**
 * The words that run a playbook. Variables are read from a file, since other users of a machine see arguments.
 *
 * @param variables path of a JSON file; undefined where there are none
 */
export function playbookCommand(
  connection: AnsibleConnection,
  { playbook, hosts, isCheck }: PlaybookRun,
  variables: string | undefined,
): [string, ...string[]] {
  const { become, privateKey, forks } = connection;
  return [
    "ansible-playbook",
    ...inventoryWords(connection),
    ...["--limit", hosts.join(",")],
    ...(become === false ? [] : ["--become"]),
    ...(typeof become === "string" ? ["--become-user", become] : []),
    ...(privateKey === undefined ? [] : ["--private-key", privateKey]),
    ...sshWords(connection),
    ...["--forks", String(forks ?? Math.max(5, hosts.length))],
    ...(isCheck ? ["--check"] : []),
    ...(variables === undefined ? [] : ["--extra-vars", `@${variables}`]),
    ...connection.arguments,
    playbook,
  ];
}

/** The words that print the inventory as JSON. */
export function inventoryCommand(connection: AnsibleConnection): [string, ...string[]] {
  return ["ansible-inventory", ...inventoryWords(connection), "--list"];
}

function inventoryWords({ inventory, vaultPasswordFiles }: AnsibleConnection): string[] {
  return [
    ...inventory.flatMap((source) => ["--inventory", source]),
    ...vaultPasswordFiles.flatMap((path) => ["--vault-password-file", path]),
  ];
}

function sshWords({ bastion, sshArguments }: AnsibleConnection): string[] {
  const words = [
    ...(bastion === undefined ? [] : [`-o ProxyJump=${bastion}`]),
    ...(sshArguments === undefined ? [] : [sshArguments]),
  ];
  // With "=", since the value begins with a dash.
  return words.length ? [`--ssh-common-args=${words.join(" ")}`] : [];
}
