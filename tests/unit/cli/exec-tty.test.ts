/** Output of a command in a container goes to a terminal only where -t asked for one. */
import { expect, it } from 'vitest';
import { terminal } from './terminal.ts';

it('exec has a terminal with -t, and a pipe without', async () => {
	const at = await terminal();
	const node = 'basic-worker';
	const lines = 'bin\ndev\netc\n';
	const row = /^bin {2}dev {2}etc\n/;
	await at.run('kubectl run one --image=nginx; kubectl wait --for=condition=Ready pod/one');
	const list = 'ls -d bin dev etc';
	expect(await at.run(`kubectl exec one -- ${list}`)).toBe(lines);
	expect(await at.run(`kubectl exec -i one -- ${list}`)).toBe(lines);
	expect(await at.run(`kubectl exec -it one -- ${list}`)).toMatch(row);
	expect(await at.run(`kubectl exec -it one -- ${list} | cat`)).toBe(lines);
	expect(await at.run(`docker exec ${node} ${list}`)).toBe(lines);
	expect(await at.run(`docker exec -t ${node} ${list}`)).toMatch(row);
	expect(await at.run('kubectl exec one -- tty; kubectl exec -it one -- tty')).toMatch(
		/^not a tty\n[\s\S]*\/dev\/pts\/0\n$/,
	);
});
