/** kubernetes.io, tasks/extend-kubectl/kubectl-plugins. */
import { expect, test } from 'vitest';
import { terminal } from './terminal.ts';

test('a program kubectl-NAME of the PATH is a command: the longest name wins, and gets the rest of the words', async () => {
	const { run, file, code } = await terminal();
	const plugin = async (name: string, text: string): Promise<void> => {
		await file(name, `#!/bin/bash\n${text}\n`);
		await run(`chmod +x ${name}; sudo mv ${name} /usr/local/bin/`);
	};
	expect(await run('kubectl foo')).toContain('error: unknown command "foo" for "kubectl"\n');
	await plugin('kubectl-foo', 'echo "foo: $*"; echo "$KUBECONFIG $PWD"; exit 3');
	await plugin('kubectl-foo-bar_baz', 'echo "bar: $1"');
	await plugin('kubectl-get', 'echo never');
	expect(await run('KUBECONFIG=/etc/kube/config kubectl foo config "a b" -n x')).toBe(
		'foo: config a b -n x\n/etc/kube/config /home/learner\n',
	);
	expect(code()).toBe(3);
	expect(await run('kubectl foo bar-baz more')).toBe('bar: more\n');
	expect(await run('kubectl get ns default -o name')).toBe('namespace/default\n');
	expect(await run('kubectl plugin list')).toContain('/usr/local/bin/kubectl-foo\n');
});
