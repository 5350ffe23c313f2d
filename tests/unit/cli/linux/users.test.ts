import { describe, expect, it } from 'vitest';
import { terminal } from './terminal.ts';

describe('users that somebody adds', () => {
	it('are in the files of their container, and id knows them', async () => {
		const { run } = await terminal();
		await run('docker run -d --name d debian sleep 100000; docker run -d --name a alpine sleep 100000');
		const id = 'docker exec d id bob';
		expect(await run('docker exec d sh -c "groupadd ops; useradd -m -G ops bob" 2>&1')).toBe('');
		expect(await run(id)).toBe('uid=1000(bob) gid=1001(bob) groups=1001(bob),1000(ops)\n');
		expect(await run('docker exec d tail -1 /etc/passwd')).toBe('bob:x:1000:1001::/home/bob:/bin/sh\n');
		expect(await run('docker exec d useradd bob 2>&1')).toMatch(/^useradd: user 'bob' already exists\n/);
		expect(await run('docker exec d ls -ld /home/bob')).toMatch(/^drwxr-xr-x /);
		expect(await run('docker exec a sh -c "adduser -D eve && id eve"')).toBe(
			'uid=1000(eve) gid=1000(eve) groups=1000(eve)\n',
		);
		expect(await run('useradd bob 2>&1')).toBe(
			'useradd: Permission denied.\nuseradd: cannot lock /etc/passwd; try again later.\n',
		);
	});
});

it('who may not set the clock is told so by the kernel; to who may, the simulator says that it sets none', async () => {
	const at = await terminal();
	const NEVER = 'date: the simulator sets no clock: its time goes on by itself\n';
	const FORBIDDEN = 'date: cannot set date: Operation not permitted\nWed Jan  1 00:00:00 UTC 2020\n';
	expect(await at.run('date -s 2020-01-01')).toBe(FORBIDDEN);
	expect(await at.run('sudo date -s 2020-01-01')).toBe(NEVER);
	expect(await at.run('docker exec basic-worker date -s 2020-01-01')).toBe(NEVER);
	await at.run('kubectl run web --image=nginx\nkubectl wait --for=condition=ready pod web');
	expect(await at.run('kubectl exec web -- date -s 2020-01-01')).toContain(FORBIDDEN);
});
