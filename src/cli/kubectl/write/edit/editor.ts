/**
 * The editor of `kubectl edit`: a command of the shell, or the one this terminal opens over itself.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/util/editor/editor.go @ v0.24.0.
 */
import { fail, type Kube } from '../../kube.ts';

/** Gives the file to the editor and answers what it holds afterwards; undefined when the editor failed. */
export type Editor = (path: string) => Promise<string | undefined>;

export interface Chosen {
	/** As messages name it. */
	readonly name: string;
	readonly open: Editor;
}

/** The editor of `KUBE_EDITOR` or `EDITOR`, else what the terminal has; an honest word when there is none. */
export function editorOf(kube: Kube): Chosen {
	const { call } = kube.run;
	const asked = call.env.get('KUBE_EDITOR') || call.env.get('EDITOR') || '';
	const name = asked || 'vi';
	const read = async (path: string): Promise<string> => (await call.files.read(path)) ?? '';
	const [first = ''] = name.trim().split(/\s+/);
	if (call.edit && asked === '') {
		const edit = call.edit.bind(call);
		return {
			name,
			open: async (path) => {
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
			},
		};
	}
	if (asked === '' || !call.has(call.place, first))
		return fail(
			`unable to launch the editor ${JSON.stringify(name)}: ${asked === '' ? 'there is no screen to edit on' : 'there is none in this lab'}. Set KUBE_EDITOR to a command that changes a file, such as KUBE_EDITOR='sed -i s/old/new/', or use kubectl patch`,
		);
	return {
		name,
		open: async (path) =>
			(await call.runAt(call.place, ['sh', '-c', `${name} ${JSON.stringify(path)}`])) === 0 ? read(path) : undefined,
	};
}
