/** A command is looked for in its folders; the files that a lab makes need not be made anew for that. */
import { expect, test } from 'vitest';
import { furnish, Session, surroundings, tools } from '../../../../src/cli/index.ts';
import { labPreset } from '../../../../src/sim/lab/index.ts';

test('many small commands in a row do not make the files of the workstation each time', async () => {
	let made = 0;
	let out = '';
	const counting = {
		...surroundings[0]!,
		files: (...args: Parameters<NonNullable<(typeof surroundings)[0]['files']>>) => {
			made++;
			return surroundings[0]!.files?.(...args) ?? {};
		},
	};
	const session = new Session({
		lab: labPreset('empty')!,
		tools,
		surroundings: [counting, ...surroundings.slice(1)],
		tty: false,
		write: ({ text }) => {
			out += text;
		},
	});
	await furnish(session, {});
	await session.run('true');
	made = 0;
	await session.run('seq 200 | xargs -n1 echo | tail -n 1');
	expect(out).toBe('200\n');
	expect(made).toBeLessThan(20);
	// What people put there is there at once, and what they take away is not.
	out = '';
	await session.run(
		`printf '#!/bin/sh\\necho mine\\n' | sudo tee /usr/local/bin/mine > /dev/null; sudo chmod +x /usr/local/bin/mine; mine; sudo rm /usr/local/bin/mine; /usr/local/bin/mine`,
	);
	expect(out).toBe('mine\nbash: /usr/local/bin/mine: No such file or directory\n');
});

test('processes become files where somebody looks below /proc, by whatever path', async () => {
	let made = 0;
	let out = '';
	const counting = surroundings.map((s) =>
		s.ofProcesses
			? {
					...s,
					ofProcesses: (...args: Parameters<NonNullable<typeof s.ofProcesses>>) => {
						made++;
						return s.ofProcesses?.(...args) ?? {};
					},
				}
			: s,
	);
	const session = new Session({
		lab: labPreset('kind-basic')!,
		tools,
		surroundings: counting,
		tty: false,
		write: ({ text }) => {
			out += text;
		},
	});
	await furnish(session, {});
	await session.run(
		'kubectl get pods -A > /tmp/all; cat /etc/hostname /tmp/all > /dev/null; ls /etc > /dev/null; cp /tmp/all /tmp/b; cd /etc',
	);
	expect(made).toBeLessThan(2);
	await session.run('ln -s ../proc/1 /tmp/first; cat /tmp/first/comm; cd /proc/1; cat ./comm; echo /proc/1/com*');
	expect(out).toBe('systemd\nsystemd\n/proc/1/comm\n');
	expect(made).toBeGreaterThan(0);
});
