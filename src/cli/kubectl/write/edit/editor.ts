/**
 * The editor of `kubectl edit`: a command of the shell, or the one this terminal opens over itself.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/util/editor/editor.go @ v0.24.0.
 */
import type { Call } from '../../../tool.ts';
import { fail, type Kube } from '../../kube.ts';

/** Gives the file to the editor and answers what it holds afterwards. Throws when the editor could not do its work. */
export type Editor = (path: string) => Promise<string>;

/** The editor of `KUBE_EDITOR` or `EDITOR`, else what the terminal has; an honest word when there is none. */
export function editorOf({ run: { call } }: Kube): Editor {
	const asked = call.env.get('KUBE_EDITOR') || call.env.get('EDITOR') || '';
	const read = async (path: string): Promise<string> => (await call.files.read(path)) ?? '';
	if (asked === '') {
		if (!call.edit)
			return fail(
				'unable to launch the editor "vi": there is no screen to edit on. Set KUBE_EDITOR to a command that changes a file, such as KUBE_EDITOR=\'sed -i s/old/new/\', or use kubectl patch',
			);
		const edit = call.edit.bind(call);
		return async (path) => {
			const text = await read(path);
			// The first line that is no comment is where one begins.
			const line = text.split('\n').findIndex((here) => !here.startsWith('#')) + 1;
			const saved = await edit({
				name: path.slice(path.lastIndexOf('/') + 1),
				text,
				...(line > 0 ? { line } : {}),
				save: (now) => call.files.write(path, now),
				as: 'kubectl edit',
			});
			if (saved !== undefined) await call.files.write(path, saved);
			return read(path);
		};
	}
	const shell = asked.includes(' ') && /["'\\]/.test(asked) ? call.env.get('SHELL') || '/bin/bash' : undefined;
	const args = shell === undefined ? asked.split(' ') : [shell, '-c', asked];
	const named = JSON.stringify(args.join(' '));
	return async (path) => {
		const program = await programOf(call, args[0]!);
		if (program === undefined && !args[0]!.includes('/')) return fail(`unable to launch the editor ${named}`);
		const words = shell === undefined ? [...args.slice(1), path] : ['-c', `${asked} ${JSON.stringify(path)}`];
		const env = [...call.env].map(([key, value]) => `${key}=${value}`);
		const command = ['env', '-C', call.cwd, ...env, program ?? '', ...words];
		if (!program || (await call.runAt(call.place, command, call.stdin, call.who)) !== 0)
			return fail(`there was a problem with the editor ${named}`);
		return read(path);
	};
}

/**
 * The program that a name means to Go's os/exec, which looks for names without a slash alone. Empty when the file is
 * none: a script must say who reads it.
 */
async function programOf({ env, files, has, place }: Call, name: string): Promise<string | undefined> {
	if (has(place, name)) return name;
	const folders = (env.get('PATH') ?? '').split(':').filter(Boolean);
	for (const path of name.includes('/') ? [name] : folders.map((folder) => `${folder.replace(/\/$/, '')}/${name}`)) {
		if ((await files.list(path)) !== undefined) continue;
		const text = await files.read(path);
		if (text === undefined || (((await files.mode?.(path)) ?? 0o755) & 0o111) === 0) continue;
		return text.startsWith('#!') ? path : '';
	}
	return undefined;
}
