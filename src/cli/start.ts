/** What is on the laptop when a session begins: a kubeconfig with the clusters that are there, as kind left it. */
import type { Json } from '../sim/api/index.ts';
import type { Lab } from '../sim/lab/index.ts';
import { printYaml } from './kube/index.ts';
import type { Session } from './shell/index.ts';

const LISTS = ['clusters', 'contexts', 'users'] as const;

/** One file for all clusters; the context is the last one's. Undefined when there is none. */
export function kubeconfigOf(lab: Lab): string | undefined {
	const configs = lab.kind
		.clusters()
		.map((name) => lab.kind.kubeconfig(name))
		.filter((config) => config !== undefined);
	const last = configs.at(-1);
	if (!last) return undefined;
	const merged: Record<string, Json> = { ...last };
	for (const key of LISTS) merged[key] = configs.flatMap((config) => (config[key] ?? []) as readonly Json[]);
	return printYaml(merged);
}

/** Puts it, and the files of a lesson, where a learner finds them. None of it is in the session's log. */
export async function furnish(session: Session, files: Readonly<Record<string, string>> = {}): Promise<void> {
	const laptop = session.core.files({ kind: 'laptop' });
	const kubeconfig = kubeconfigOf(session.core.lab);
	if (kubeconfig !== undefined) await laptop.lay('/home/learner/.kube/config', kubeconfig);
	for (const [path, text] of Object.entries(files)) {
		await laptop.lay(path, text);
		if (text.startsWith('#!')) await laptop.chmod(path, 0o755);
	}
	session.core.turn++;
}
