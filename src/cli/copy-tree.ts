/** Files, links and directories from one place to another, as tar carries them (`docker cp`, `kubectl cp`). */
import type { Files } from './tool.ts';

export interface Copying {
	/** Whether permissions go along; else they are those of a new file. */
	readonly modes: boolean;
	/** Told of a link, which is not copied then. */
	skipped?(goal: string, target: string): void;
}

/** The names below a directory; undefined of what is none, or is a link. */
async function below(from: Files, path: string): Promise<readonly string[] | undefined> {
	return (await from.link?.(path)) === undefined ? from.list(path) : undefined;
}

/** Copies what stands at a path with all that is in it; false when nothing does. */
export async function copyTree(from: Files, path: string, to: Files, goal: string, how: Copying): Promise<boolean> {
	const inner = (base: string, name: string): string => `${base.replace(/\/+$/, '')}/${name}`;
	const target = await from.link?.(path);
	if (target !== undefined) {
		if (how.skipped) how.skipped(goal, target);
		else await to.makeLink?.(goal, target);
		return true;
	}
	const names = await below(from, path);
	const mode = how.modes ? await from.mode?.(path) : undefined;
	if (names) {
		if ((await to.list(goal)) === undefined) await to.makeDirectory?.(goal);
		for (const name of [...names].sort()) await copyTree(from, inner(path, name), to, inner(goal, name), how);
		if (mode !== undefined) await to.setMode?.(goal, mode);
		return true;
	}
	const octets = await from.readBytes(path);
	if (octets === undefined) return false;
	await to.write(goal, octets);
	if (mode !== undefined) await to.setMode?.(goal, mode);
	return true;
}
