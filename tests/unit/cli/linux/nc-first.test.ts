/** `nc` where the server speaks first; with busybox 1.35 and OpenBSD's 1.218 on a machine the client prints it, too. */
import { beforeAll, describe, expect, it } from 'vitest';
import { type Terminal, terminal } from '../terminal.ts';

describe('nc hears who speaks first', () => {
	let t: Terminal;
	let ip = '';
	beforeAll(async () => {
		t = await terminal();
		await t.run(
			[
				"kubectl run hi --image=busybox:1.36 -- sh -c 'while true; do echo hello | nc -l -p 5432; done'",
				'kubectl run q --image=busybox:1.36 -- sleep 1d',
				'kubectl run net --image=nicolaka/netshoot -- sleep 1d',
				'kubectl wait --for=condition=Ready pod/hi pod/q pod/net',
				'sleep 1',
			].join('\n'),
		);
		ip = await t.run("kubectl get pod hi -o jsonpath='{.status.podIP}'");
	});

	it.each(['q', 'net'])('in %s, with nothing to say', async (pod) => {
		expect(await t.run(`kubectl exec ${pod} -- nc ${ip} 5432`)).toBe('hello\n');
		expect(await t.run(`kubectl exec ${pod} -- nc -w 2 ${ip} 5432`)).toBe('hello\n');
	});

	it('and what both say arrives', async () => {
		expect(await t.run(`kubectl exec q -- sh -c 'echo from q | nc ${ip} 5432'`)).toBe('hello\n');
		expect(await t.run('kubectl logs hi')).toBe('from q\n');
	});

	it('and does not look who answers with -z', async () => {
		expect(await t.run(`kubectl exec net -- nc -zv ${ip} 5432`)).toMatch(/succeeded!\n$/);
	});

	it('runs no program: that is said, or is no option', async () => {
		expect(await t.run('kubectl exec q -- nc -lk -p 9 -e cat /etc/hostname')).toContain(
			'nc: -e: the simulator runs no program for a connection\n',
		);
		expect(await t.run('nc -l -p 9999 -e cat')).toContain("nc: invalid option -- 'e'");
	});
});

it('nc of Debian and Alpine takes several ports, and busybox’s traceroute has no -T', async () => {
	const t = await terminal();
	await t.run(
		'kubectl run net --image=nicolaka/netshoot -- sleep 1d; kubectl run web --image=nginx; kubectl wait --for=condition=Ready pod/net pod/web --timeout=2m',
	);
	const ip = (await t.run("kubectl get pod web -o jsonpath='{.status.podIP}'")).trim();
	expect(await t.run(`kubectl exec net -- nc -zv ${ip} 81 80 90-91`)).toMatch(
		/port 81 \(tcp\) failed[\s\S]*port \[tcp\/http\] succeeded![\s\S]*port 90 [\s\S]*port 91 \(tcp\) failed: Connection refused\n$/,
	);
	expect(await t.run(`kubectl exec net -- traceroute -T ${ip}`)).toContain(
		'traceroute: unrecognized option: T\nBusyBox',
	);
	expect(await t.run('kubectl exec net -- traceroute nope')).toContain("traceroute: bad address 'nope'\n");
	expect(await t.run(`kubectl exec net -- traceroute -n ${ip}`)).toContain(`  ${ip}  `);
});
