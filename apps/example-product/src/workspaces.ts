/** A place where a team keeps its notes. Its name is unique only within an environment. */
export interface Workspace {
  id: string;
  name: string;
  environment: string;
}

/** One question of AuthKit's consent screen, in the shape that `@connect/core` takes. */
export interface UserConsentOption {
  claim: string;
  label: string;
  choices: { group: string; choices: { value: string; label: string }[] }[];
}

/**
 * Asks the user which workspace to share, grouped by environment in the order given. The chosen id becomes
 * the access token's `urn:example:tenant` claim. Empty when there is nothing to choose from.
 */
export function tenantOptions(workspaces: readonly Workspace[]): UserConsentOption[] {
  if (workspaces.length === 0) return [];
  return [
    {
      claim: "urn:example:tenant",
      label: "Workspace",
      choices: groupByEnvironment(workspaces).map(([group, members]) => ({
        group,
        choices: members.map(({ id, name }) => ({ value: id, label: name })),
      })),
    },
  ];
}

/** Gathers workspaces by environment; both keep the order in which they were first seen. */
export function groupByEnvironment(workspaces: readonly Workspace[]): [string, Workspace[]][] {
  const groups = new Map<string, Workspace[]>();
  for (const workspace of workspaces) {
    const group = groups.get(workspace.environment);
    if (group) group.push(workspace);
    else groups.set(workspace.environment, [workspace]);
  }
  return [...groups];
}
