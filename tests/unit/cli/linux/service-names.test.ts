/** Ports have the names of netbase's /etc/services, where tools are not told to write numbers. */
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { serviceName, servicePort } from '../../../../src/cli/linux/services.ts';
import { terminal } from './terminal.ts';

const FILE = '/etc/services';
const NETBASE = existsSync('/usr/share/doc/netbase') && existsSync(FILE);

test.runIf(NETBASE)("they are those of this machine's file", () => {
	const lines = readFileSync(FILE, 'utf8')
		.split('\n')
		.map((line) => line.replace(/#.*/, '').trim().split(/\s+/))
		.filter(([, at]) => /\/(?:tcp|udp)$/.test(at ?? ''));
	const first = new Map<string, string>();
	for (const [name = '', at = ''] of lines) if (!first.has(at)) first.set(at, name);
	for (const [at, name] of first) {
		const [port, protocol = ''] = at.split('/');
		expect([at, serviceName(Number(port), protocol)]).toEqual([at, name]);
	}
	const ports = new Map<string, number>();
	for (const [name = '', at = '', ...aliases] of lines)
		for (const one of [name, ...aliases]) {
			const key = `${one}/${at.split('/')[1]}`;
			if (!ports.has(key)) ports.set(key, Number.parseInt(at, 10));
		}
	for (const [key, port] of ports) {
		const [name = '', protocol = ''] = key.split('/');
		expect([key, servicePort(name, protocol)]).toEqual([key, port]);
	}
});

test('iptables reads them, and shows them unless it is asked for numbers (as iptables 1.8.9 did)', async () => {
	const t = await terminal();
	const node = (line: string): Promise<string> => t.run(`docker exec basic-worker iptables ${line}`);
	await node('-N names');
	for (const rule of [
		'-p tcp --dport ssh -j ACCEPT',
		'-p tcp --dport 80:https',
		'-p udp --sport 53',
		'-p tcp -m multiport --dports 80,https,31000',
		'-p tcp ! --dport 8080',
		'-p tcp --dport kerberos5',
	])
		expect(await node(`-A names ${rule}`)).toBe('');
	const shown = (await node('-L names')).trimEnd().split('\n').slice(2);
	expect(shown.map((line) => line.replace(/.*anywhere +/, ''))).toEqual([
		'tcp dpt:ssh',
		'tcp dpts:http:https',
		'udp spt:domain',
		'multiport dports http,https,31000',
		'tcp dpt:!http-alt',
		'tcp dpt:kerberos',
	]);
	expect(await node('-nL names')).toContain('tcp dpts:80:443');
	expect(await node('-S names')).toContain('-A names -p tcp -m tcp --dport 88');
	expect(await node('-A names -p tcp --dport nosuch')).toContain("invalid port/service `nosuch' specified");
	expect(await node('-t nat -L KUBE-SERVICES')).toContain('/* default/kubernetes:https cluster IP */ tcp dpt:https');
});
