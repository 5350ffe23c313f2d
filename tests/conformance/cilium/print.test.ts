/**
 * The agent's own tools: cilium-dbg/cmd/bpf_*_list.go, pkg/maps/{ctmap,nat,ipcache,tunnel,lbmap} @ v1.12.1, v1.13.18,
 * v1.16.6, v1.18.0; lines that users of these versions published.
 */
import { describe, expect, test } from 'vitest';
import {
	type CtEntry,
	type CtTuple,
	ctCreate4,
	ctLine,
	ctListGlobal,
	ctLookup4,
	ipcacheList,
	lbList,
	natList,
	serviceFlagsText,
	snatMapping,
	tunnelList,
} from '../../../src/sim/cilium/index.ts';
import { TCP_ACK, TCP_FIN, TCP_SYN } from '../../../src/sim/wire/index.ts';
import { ip, prefix } from '../../unit/sim/kube/fixtures.ts';
import { back, seconds, testEnv, tuple } from './env.ts';

const entry = (more: Partial<CtEntry>): CtEntry => ({
	rxPackets: 0,
	rxBytes: 0,
	txPackets: 0,
	txBytes: 0,
	backendId: 0,
	lifetime: 0,
	flags: 0,
	revNatIndex: 0,
	ifindex: 0,
	txFlagsSeen: 0,
	rxFlagsSeen: 0,
	srcSecId: 0,
	lastTxReport: 0,
	lastRxReport: 0,
	natAddr: 0,
	natPort: 0,
	...more,
});
const key = (text: string, flags: number, proto = 6) => {
	const { saddr, daddr, sport, dport }: CtTuple = tuple(text);
	return { saddr, daddr, sport, dport, proto, flags };
};

describe('bpf ct list global', () => {
	test('the closed connection and its companion, as a managed cluster of 1.14 printed them', () => {
		expect(
			ctLine(
				key('10.244.0.213:46486 > 1.0.0.1:80', 0),
				entry({
					lifetime: 17755044,
					rxPackets: 4,
					rxBytes: 614,
					rxFlagsSeen: 0x1b,
					lastRxReport: 17755035,
					txPackets: 6,
					txBytes: 415,
					txFlagsSeen: 0x1b,
					lastTxReport: 17755035,
					flags: 0x13,
					srcSecId: 42837,
				}),
				'1.14.14',
			),
		).toBe(
			'TCP OUT 10.244.0.213:46486 -> 1.0.0.1:80 expires=17755044 RxPackets=4 RxBytes=614 RxFlagsSeen=0x1b LastRxReport=17755035 TxPackets=6 TxBytes=415 TxFlagsSeen=0x1b LastTxReport=17755035 Flags=0x0013 [ RxClosing TxClosing SeenNonSyn ] RevNAT=0 SourceSecurityID=42837 IfIndex=0 ',
		);
		expect(
			ctLine(
				key('10.244.0.213:0 > 1.0.0.1:0', 2, 1),
				entry({
					lifetime: 17755093,
					txPackets: 1,
					txBytes: 74,
					txFlagsSeen: 2,
					lastTxReport: 17755035,
					flags: 0x10,
					srcSecId: 42837,
				}),
				'1.14.14',
			),
		).toBe(
			'ICMP OUT 10.244.0.213:0 -> 1.0.0.1:0 related expires=17755093 RxPackets=0 RxBytes=0 RxFlagsSeen=0x00 LastRxReport=0 TxPackets=1 TxBytes=74 TxFlagsSeen=0x02 LastTxReport=17755035 Flags=0x0010 [ SeenNonSyn ] RevNAT=0 SourceSecurityID=42837 IfIndex=0 ',
		);
	});

	test('a service’s entry: OUT from the service to the client to 1.14, with the backend’s id as octets', () => {
		const service = entry({
			lifetime: 475561,
			backendId: 7,
			txFlagsSeen: 0x12,
			lastTxReport: 453961,
			flags: 0x10,
			revNatIndex: 5,
		});
		expect(ctLine(key('10.0.1.90:59668 > 10.96.43.209:80', 4), service, '1.14.14')).toBe(
			'TCP OUT 10.96.43.209:80 -> 10.0.1.90:59668 service expires=475561 RxPackets=0 RxBytes=7 RxFlagsSeen=0x00 LastRxReport=0 TxPackets=0 TxBytes=0 TxFlagsSeen=0x12 LastTxReport=453961 Flags=0x0010 [ SeenNonSyn ] RevNAT=5 SourceSecurityID=0 IfIndex=0 ',
		);
		expect(ctLine(key('10.0.1.90:59668 > 10.96.43.209:80', 4), service, '1.15.7')).toMatch(
			/^TCP SVC 10\.0\.1\.90:59668 -> 10\.96\.43\.209:80 expires=475561 RxPackets=0 RxBytes=7 /,
		);
		expect(ctLine(key('10.0.1.90:59668 > 10.96.43.209:80', 4), service, '1.18.3')).toBe(
			'TCP SVC 10.0.1.90:59668 -> 10.96.43.209:80 expires=475561 Packets=0 Bytes=0 RxFlagsSeen=0x00 LastRxReport=0 TxFlagsSeen=0x12 LastTxReport=453961 Flags=0x0010 [ SeenNonSyn ] RevNAT=5 SourceSecurityID=0 BackendID=7 ',
		);
	});

	test('1.16 keeps IfIndex, 1.19 has NatPort', () => {
		const line = (version: string) =>
			ctLine(key('172.18.0.3:58624 > 172.18.0.4:6443', 0), entry({ flags: 0x10 }), version);
		expect(line('1.16.6')).toMatch(/SourceSecurityID=0 IfIndex=0 BackendID=0 $/);
		expect(line('1.19.5')).toMatch(/SourceSecurityID=0 BackendID=0 NatPort=0 $/);
		expect(line('1.19.5')).toMatch(/^TCP OUT 172\.18\.0\.3:58624 -> 172\.18\.0\.4:6443 expires=0 Packets=0 Bytes=0 /);
	});

	test('a live table: TCP first, expires is the last report and ten seconds after both FINs', () => {
		const env = testEnv('1.12.1');
		const t = tuple('10.244.1.5:40000 > 10.244.2.9:80', { tcpFlags: TCP_SYN });
		ctCreate4(env, t, 'OUT', { srcSecId: 300 });
		ctLookup4(env, back(t, { tcpFlags: TCP_SYN | TCP_ACK }), 'IN');
		ctLookup4(env, { ...t, tcpFlags: TCP_FIN | TCP_ACK }, 'OUT');
		ctLookup4(env, back(t, { tcpFlags: TCP_FIN | TCP_ACK }), 'IN');
		expect(ctListGlobal(env.maps, env.ns, 0).stdout).toEqual([
			'TCP OUT 10.244.1.5:40000 -> 10.244.2.9:80 expires=86410 RxPackets=2 RxBytes=148 RxFlagsSeen=0x13 LastRxReport=86400 TxPackets=2 TxBytes=148 TxFlagsSeen=0x13 LastTxReport=86400 Flags=0x0013 [ RxClosing TxClosing SeenNonSyn ] RevNAT=0 SourceSecurityID=300 IfIndex=0 ',
			'ICMP OUT 10.244.1.5:0 -> 10.244.2.9:0 related expires=86460 RxPackets=0 RxBytes=0 RxFlagsSeen=0x00 LastRxReport=0 TxPackets=1 TxBytes=74 TxFlagsSeen=0x02 LastTxReport=86400 Flags=0x0010 [ SeenNonSyn ] RevNAT=0 SourceSecurityID=300 IfIndex=0 ',
		]);
	});
});

describe('bpf nat list', () => {
	const lines = (version: string): readonly string[] => {
		const env = testEnv(version);
		const t = tuple('110.0.11.1:40000 > 192.168.0.2:8080');
		ctCreate4(env, t, 'OUT');
		snatMapping(env, t, { addr: ip('10.0.10.1'), minPort: 32768, maxPort: 65535 });
		env.net.now = seconds(12);
		return natList(env.maps, env.ns, env.net.now).stdout;
	};
	test('both directions, with what each version says of the flow', () => {
		expect(lines('1.18.3')).toEqual([
			'TCP IN 192.168.0.2:8080 -> 10.0.10.1:40000 XLATE_DST 110.0.11.1:40000 Created=12sec ago NeedsCT=0',
			'TCP OUT 110.0.11.1:40000 -> 192.168.0.2:8080 XLATE_SRC 10.0.10.1:40000 Created=12sec ago NeedsCT=0',
		]);
		// The clock of the programs is taken for nanoseconds: it prints the node's uptime.
		expect(lines('1.12.1')[1]).toBe(
			'TCP OUT 110.0.11.1:40000 -> 192.168.0.2:8080 XLATE_SRC 10.0.10.1:40000 Created=86412sec HostLocal=0',
		);
		expect(lines('1.13.4')[1]).toMatch(/Created=86412sec NeedsCT=0$/);
	});
	test('without the map the tool says so, twice', () => {
		const env = testEnv('1.12.1');
		expect(natList(env.maps, env.ns, 0)).toEqual({
			stdout: [],
			stderr: [
				'Unable to open /sys/fs/bpf/tc/globals/cilium_snat_v4_external: Unable to get object /sys/fs/bpf/tc/globals/cilium_snat_v4_external: no such file or directory. Skipping.',
				'Unable to open /sys/fs/bpf/tc/globals/cilium_snat_v6_external: Unable to get object /sys/fs/bpf/tc/globals/cilium_snat_v6_external: no such file or directory. Skipping.',
			],
		});
	});
});

describe('bpf lb list', () => {
	const filled = (version: string): readonly string[] => {
		const env = testEnv(version);
		const proto = env.maps.features.protocolInKey ? 6 : 0;
		const at = (slot: number) => ({ address: ip('10.96.0.10'), port: 9153, slot, proto, scope: 0 as const });
		const none = {
			backendId: 0,
			affinityTimeout: 0,
			algorithm: 0 as const,
			count: 0,
			qcount: 0,
			revNatIndex: 4,
			flags: 0,
			flags2: 0,
		};
		env.maps.services.replace(env.ns, [
			[at(0), { ...none, count: 2 }],
			[at(1), { ...none, backendId: 1 }],
			[at(2), { ...none, backendId: 9 }],
		]);
		env.maps.backends.update(env.ns, 1, { address: ip('10.244.0.238'), port: 9153, proto, state: 0 });
		return lbList(env.maps, env.ns).stdout;
	};
	test('to 1.14 the backends stand under their service', () => {
		expect(filled('1.12.1')).toEqual([
			'SERVICE ADDRESS   BACKEND ADDRESS (REVNAT_ID) (SLOT)',
			'10.96.0.10:9153   0.0.0.0:0 (4) (0) [ClusterIP, non-routable]   ',
			'                  10.244.0.238:9153 (4) (1)                     ',
			'                  backend 9 not found                           ',
		]);
	});
	test('later every slot has its key, from 1.17 with the protocol', () => {
		expect(filled('1.18.3')).toEqual([
			'SERVICE ADDRESS           BACKEND ADDRESS (REVNAT_ID) (SLOT)',
			'10.96.0.10:9153/TCP (0)   0.0.0.0:0 (4) (0) [ClusterIP, non-routable]    ',
			'10.96.0.10:9153/TCP (1)   10.244.0.238:9153/TCP (4) (1)                  ',
			'10.96.0.10:9153/TCP (2)   backend 9 not found                            ',
		]);
	});
	test('flags in their order', () => {
		const service = { backendId: 0, affinityTimeout: 0, algorithm: 0 as const, count: 0, qcount: 0, revNatIndex: 1 };
		expect(serviceFlagsText({ ...service, flags: 0x20 | 0x04 | 0x10 | 0x80, flags2: 0x10 | 0x20 | 0x40 | 0x80 })).toBe(
			'LoadBalancer, Local, InternalLocal, two-scopes, sessionAffinity, non-routable, check source-range, deny, dsr',
		);
		expect(serviceFlagsText({ ...service, flags: 0x42, flags2: 0 })).toBe('NodePort');
		expect(serviceFlagsText({ ...service, flags: 0x08, flags2: 0x08 })).toBe('HostPort, non-routable, loopback');
	});
});

describe('bpf ipcache list and bpf tunnel list', () => {
	const row = (version: string): string => {
		const env = testEnv(version);
		env.maps.ipcache.update(env.ns, prefix('10.0.1.84/32'), {
			identity: 4343,
			tunnelEndpoint: ip('192.168.56.3'),
			encryptKey: 0,
			skipTunnel: false,
		});
		return ipcacheList(env.maps, env.ns).stdout[1]!.trimEnd();
	};
	test('what each version says of an address', () => {
		const text = '10.0.1.84/32        identity=4343 encryptkey=0 tunnelendpoint=192.168.56.3';
		expect(row('1.12.1')).toBe(text);
		for (const version of ['1.13.0', '1.13.5']) expect(row(version)).toBe(`${text} nodeid=0`);
		expect(row('1.13.18')).toBe(text);
		expect(row('1.14.0')).toBe(`${text} nodeid=0x0`);
		expect(row('1.14.13')).toBe(text);
		expect(row('1.15.19')).toBe(text);
		expect(row('1.16.6')).toBe(`${text}, flags=<none>`);
		expect(row('1.17.0')).toBe(`${text} flags=<none>`);
		expect(row('1.18.3')).toBe(`${text} flags=hastunnel`);
	});
	test('tunnels by pod CIDR', () => {
		const env = testEnv('1.12.1');
		env.maps.tunnel.update(env.ns, ip('10.233.65.0'), ip('172.26.50.201'));
		expect(tunnelList(env.maps, env.ns).stdout.map((line) => line.trimEnd())).toEqual([
			'TUNNEL          VALUE',
			'10.233.65.0:0   172.26.50.201:0',
		]);
	});
});
