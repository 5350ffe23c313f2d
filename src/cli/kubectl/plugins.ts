/**
 * Plugins: a program `kubectl-NAME` that the PATH has stands for a command `NAME` that kubectl has not.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/cmd.go HandlePluginCommand() @ v0.24.0.
 */
import type { Call } from '../tool.ts';

/** Programs of the PATH that are plugins, in its order. */
export async function pluginFiles({ env, files }: Pick<Call, 'env' | 'files'>): Promise<readonly string[]> {
	const out: string[] = [];
	for (const folder of new Set((env.get('PATH') ?? '').split(':').filter(Boolean)))
		for (const name of ((await files.list(folder)) ?? []).filter((entry) => entry.startsWith('kubectl-')))
			out.push(`${folder.replace(/\/$/, '')}/${name}`);
	return out;
}

/** Runs the plugin of the longest name that the words begin with; undefined where there is none. */
export async function runPlugin(call: Call): Promise<number | undefined> {
	const flag = call.args.findIndex((word) => word.startsWith('-'));
	const words = (flag < 0 ? call.args : call.args.slice(0, flag)).map((word) => word.replaceAll('-', '_'));
	if (words.length === 0) return undefined;
	const files = await pluginFiles(call);
	for (let count = words.length; count > 0; count--) {
		const name = `/kubectl-${words.slice(0, count).join('-')}`;
		const path = files.find((file) => file.endsWith(name));
		if (path === undefined) continue;
		const env = [...call.env].map(([key, value]) => `${key}=${value}`);
		return call.runAt(
			call.place,
			['env', '-C', call.cwd, ...env, path, ...call.args.slice(count)],
			call.stdin,
			call.who,
		);
	}
	return undefined;
}
