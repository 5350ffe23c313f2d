import { describe, expect, test } from 'vitest';
import { ciliumRules, ciliumSettings, isCiliumError, nativeRoutingValues } from '../../../../src/sim/cilium/index.ts';
import { applyPatches, printIptablesSave } from '../../../../src/sim/linux/index.ts';
import { ip, prefix } from '../kube/fixtures.ts';

const CLUSTER = prefix('10.244.0.0/16');

const save = (version: string, values: Readonly<Record<string, string>> = {}): string[] => {
	const settings = ciliumSettings(version, { ...nativeRoutingValues(version, CLUSTER), ...values });
	if (isCiliumError(settings)) throw new Error(JSON.stringify(settings));
	const node = { podCIDR: prefix('10.244.2.0/24'), routerIP: ip('10.244.2.224'), dnsProxyPort: 16931 };
	return printIptablesSave(applyPatches({}, ciliumRules(settings, node))).split('\n');
};
const chain = (lines: readonly string[], name: string): string[] =>
	lines.filter((line) => line.startsWith(`-A ${name} `)).map((line) => line.slice(name.length + 4));

describe('CILIUM_POST_nat', () => {
	// As `iptables -t nat -S CILIUM_POST_nat` prints it on a kind worker in native routing.
	const expected = [
		'-s 10.244.2.0/24 -m set --match-set cilium_node_set_v4 dst -m comment --comment "exclude traffic to cluster nodes from masquerade" -j ACCEPT',
		'-s 10.244.2.0/24 ! -d 10.244.0.0/16 ! -o cilium_+ -m comment --comment "cilium masquerade non-cluster" -j MASQUERADE',
		'-m mark --mark 0xa00/0xe00 -m comment --comment "exclude proxy return traffic from masquerade" -j ACCEPT',
		'-s 127.0.0.1/32 -o cilium_host -m comment --comment "cilium host->cluster from 127.0.0.1 masquerade" -j SNAT --to-source 10.244.2.224',
		'-o cilium_host -m mark --mark 0xf00/0xf00 -m conntrack --ctstate DNAT -m comment --comment "hairpin traffic that originated from a local pod" -j SNAT --to-source 10.244.2.224',
	];
	test.each(['1.12.1', '1.18.3'])('Cilium %s, line by line', (version) => {
		expect(chain(save(version), 'CILIUM_POST_nat')).toEqual(expected);
	});

	test('endpoint routes need no hairpin rule, and deliver by lxc devices', () => {
		const rules = chain(save('1.18.3', { 'endpointRoutes.enabled': 'true' }), 'CILIUM_POST_nat');
		expect(rules).toHaveLength(4);
		expect(rules[3]).toContain('-s 127.0.0.1/32 -o lxc+');
	});

	test('without masquerading it is empty', () => {
		expect(chain(save('1.18.3', { enableIPv4Masquerade: 'false' }), 'CILIUM_POST_nat')).toEqual([]);
	});
});

test('the host mark leaves alone what carries another meaning, more of it in later versions', () => {
	const mark = (version: string) => chain(save(version), 'CILIUM_OUTPUT').at(-1);
	expect(mark('1.12.1')).toBe(
		'-m mark ! --mark 0xe00/0xf00 -m mark ! --mark 0xd00/0xf00 -m mark ! --mark 0xa00/0xe00 -m mark ! --mark 0x800/0xe00 -m comment --comment "cilium: host->any mark as from host" -j MARK --set-xmark 0xc00/0xf00',
	);
	expect(mark('1.18.3')).toContain('-m mark ! --mark 0x400/0xf00');
});

test('every chain hangs at the top of its built-in chain', () => {
	const lines = save('1.12.1');
	const feeders = lines.filter((line) => line.includes('cilium-feeder')).map((line) => line.split(' ')[1]);
	expect(feeders.sort()).toEqual(
		[
			'FORWARD',
			'INPUT',
			'OUTPUT',
			'OUTPUT',
			'OUTPUT',
			'POSTROUTING',
			'POSTROUTING',
			'PREROUTING',
			'PREROUTING',
			'PREROUTING',
		].sort(),
	);
	expect(lines).toContain('-A POSTROUTING -m comment --comment "cilium-feeder: CILIUM_POST_nat" -j CILIUM_POST_nat');
});

test('the DNS proxy’s port stands in the mark in network byte order', () => {
	const rules = chain(save('1.18.3'), 'CILIUM_PRE_mangle');
	expect(rules[1]).toBe(
		'-p tcp -m mark --mark 0x23420200 -m comment --comment "cilium: TPROXY to host cilium-dns-egress proxy" -j TPROXY --on-port 16931 --on-ip 127.0.0.1 --tproxy-mark 0x200/0xffffffff',
	);
	expect(chain(save('1.12.1'), 'CILIUM_PRE_mangle')[1]).toContain('--on-ip 0.0.0.0');
	expect(chain(save('1.18.3', { l7Proxy: 'false' }), 'CILIUM_PRE_mangle')).toHaveLength(1);
});

describe('Helm values', () => {
	const native = (version: string, more: Readonly<Record<string, string>>) =>
		ciliumSettings(version, { ...nativeRoutingValues(version, CLUSTER), ...more });

	test('the course’s values give native routing with kube-proxy beside it', () => {
		expect(native('1.12.1', {})).toMatchObject({ routingMode: 'native', autoDirectNodeRoutes: true });
		expect(native('1.18.3', {})).toMatchObject({ routingMode: 'native', autoDirectNodeRoutes: true });
	});

	test.each([
		['1.12.1', { kubeProxyReplacement: 'perhaps' }, 'cilium.value'],
		['1.18.3', { tunnel: 'disabled' }, 'cilium.fatal'],
		['1.18.3', { ipv4NativeRoutingCIDR: '10.244.0.0/33' }, 'cilium.value'],
		['1.18.3', { 'ipv6.enabled': 'true' }, 'cilium.not-modelled'],
		['1.9.0', {}, 'cilium.version'],
	] as const)('Cilium %s with %o: %s', (version, values, code) => {
		expect(native(version, values)).toMatchObject({ code });
	});

	test('native routing with masquerading needs to know where not to masquerade', () => {
		expect(ciliumSettings('1.18.3', { routingMode: 'native' })).toMatchObject({
			code: 'cilium.no-native-routing-cidr',
		});
	});
});
