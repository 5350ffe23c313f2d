/** What the kernel's counters say after packets the test has sent, in every place that had a part in it. */
import { describe, expect, test } from 'vitest';
import { ECHO, node, pod, worldLab } from './lab.ts';

const line = (text: string, name: string): number => Number(new RegExp(`^${name} +(\\S+)`, 'm').exec(text)?.[1] ?? 0);

describe('counters of the protocols', () => {
	test('nstat says what grew since it was asked, /proc/net/snmp all of it', async () => {
		const lab = worldLab();
		const echo = pod(ECHO);
		const [address] = (await lab.at(echo, 'hostname -I')).trim().split(' ');
		await lab.at(node('worker2'), `nstat -n`);
		await lab.at(node('worker2'), `curl -s ${address}:81`);
		const first = await lab.at(node('worker2'), 'nstat');
		expect(line(first, 'TcpActiveOpens')).toBe(1);
		expect(line(first, 'TcpAttemptFails')).toBe(1);
		expect(line(first, 'TcpOutSegs')).toBe(1);
		expect(await lab.at(node('worker2'), 'nstat')).toBe('#kernel\n');
		const inPod = await lab.at(echo, 'nstat -a');
		expect(line(inPod, 'TcpInSegs')).toBe(1);
		expect(line(inPod, 'TcpOutRsts')).toBe(1);
		const between = await lab.at(node('worker'), 'grep ^Ip: /proc/net/snmp');
		const [names, values] = between
			.trim()
			.split('\n')
			.map((row) => row.split(' '));
		expect(Number(values![names!.indexOf('ForwDatagrams')])).toBe(2);
	});

	test('what came in by devices is what the processors took', async () => {
		const lab = worldLab();
		const first = async (): Promise<number> =>
			Number.parseInt((await lab.at(node('worker'), 'cat /proc/net/softnet_stat')).slice(0, 8), 16);
		const before = await first();
		await lab.at(pod(ECHO), 'ping -c1 127.0.0.1');
		expect(await first()).toBe(before + 2);
		expect(await lab.at(node('worker'), 'cat /proc/net/stat/nf_conntrack')).toMatch(/^entries {2}clashres found /);
	});
});
