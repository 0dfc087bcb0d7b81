/** A place where a team keeps its notes. Its name is unique only within an environment. */
export interface Workspace {
  id: string;
  name: string;
  environment: string;
}

/** Workspaces under a heading, as a consent screen shows them. */
export interface WorkspaceGroup {
  group: string;
  choices: { value: string; label: string }[];
}

/** The workspaces a user can choose from, grouped by environment in the order given. */
export function workspaceChoices(workspaces: readonly Workspace[]): WorkspaceGroup[] {
  return groupByEnvironment(workspaces).map(([group, members]) => ({
    group,
    choices: members.map(({ id, name }) => ({ value: id, label: name })),
  }));
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
