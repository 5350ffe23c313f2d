/** What apt does beside installing is refused in one sentence, and nothing is done as if it had not been asked for. */
import { expect, test } from 'vitest';
import { terminal } from './terminal.ts';

test('apt lists nothing, and pretends nothing', async () => {
	const t = await terminal();
	await t.run('kubectl run web --image=nginx; kubectl wait --for=condition=Ready pod/web --timeout=60s');
	const on = (line: string): Promise<string> => t.run(`kubectl exec web -- ${line}`);
	const refused = (what: string): string =>
		`E: ${what} is not simulated: the simulator knows which programs packages bring, and no more of them\ncommand terminated with exit code 100\n`;
	expect(await on('apt list --installed')).toBe(refused('apt --installed'));
	expect(await on('apt search curl')).toBe(refused('apt search'));
	expect(await on('apt-get -qq update')).toBe('');
	expect(await on('apt-get -s install tcpdump')).toBe(refused('apt-get -s'));
	expect(await on('apt-get --dry-run install tcpdump')).toBe(refused('apt-get --dry-run'));
	expect(await on('which tcpdump')).not.toContain('tcpdump\n');
	expect(await on('apt-get --odd install tcpdump')).toContain(
		'E: Command line option --odd is not understood in combination with the other options.',
	);
	expect(await on('apt-get -y install tcpdump')).toContain('Setting up tcpdump ...');
	expect(await on('which tcpdump')).toMatch(/\/tcpdump\n$/);
});
