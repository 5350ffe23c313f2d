/** Which service a socket means that names a node's address: bpf/tests/wildcard_lookup.c @ v1.18.0. */
import { describe, expect, test } from 'vitest';
import {
	type Lb4Service,
	SVC_HOSTPORT,
	SVC_NODEPORT,
	SVC2_LOOPBACK,
	wildcardLookup,
} from '../../../src/sim/cilium/index.ts';
import { ip, prefix } from '../../unit/sim/kube/fixtures.ts';
import { type TestEnv, testEnv } from './env.ts';

const HOST = '172.18.0.3';
const REMOTE = '172.18.0.2';

const env = (version: string, port: number, flags: number, flags2 = 0): TestEnv => {
	const e = testEnv(version);
	const info = { tunnelEndpoint: 0, encryptKey: 0, skipTunnel: false };
	e.maps.ipcache.update(e.ns, prefix(`${HOST}/32`), { ...info, identity: 1 });
	e.maps.ipcache.update(e.ns, prefix(`${REMOTE}/32`), { ...info, identity: 6 });
	e.maps.ipcache.update(e.ns, prefix('0.0.0.0/0'), { ...info, identity: 2 });
	const service: Lb4Service = {
		backendId: 0,
		affinityTimeout: 0,
		algorithm: 0,
		count: 1,
		qcount: 0,
		revNatIndex: 1,
		flags,
		flags2,
	};
	const proto = e.maps.features.protocolInKey ? 6 : 0;
	e.maps.services.update(e.ns, { address: 0, port, slot: 0, proto, scope: 0 }, service);
	return e;
};

describe.each(['1.12.1', '1.18.3'])('%s', (version) => {
	const hits = (e: TestEnv, to: string, port: number): [host: boolean, pod: boolean] => {
		const asked = { ip: ip(to), port, protocol: 6 };
		return [wildcardLookup(e, asked, true) !== undefined, wildcardLookup(e, asked, false) !== undefined];
	};
	test.each([
		['W1: a NodePort outside the range', 123, SVC_NODEPORT, 0, HOST, [false, false]],
		['W2: a HostPort inside the range', 30001, SVC_HOSTPORT, 0, HOST, [false, false]],
		['W4: a NodePort by the node’s address', 30000, SVC_NODEPORT, 0, HOST, [true, true]],
		['a NodePort by another node’s address', 30000, SVC_NODEPORT, 0, REMOTE, [true, true]],
		['a NodePort by loopback', 30000, SVC_NODEPORT, 0, '127.0.0.1', [true, false]],
		['a NodePort by an address that is no node’s', 30000, SVC_NODEPORT, 0, '192.0.2.1', [false, false]],
		['W5: a HostPort by loopback', 4444, SVC_HOSTPORT, 0, '127.0.0.1', [true, false]],
		['W6: a loopback HostPort by the node’s address', 4444, SVC_HOSTPORT, SVC2_LOOPBACK, HOST, [false, false]],
		['a HostPort by another node’s address', 4444, SVC_HOSTPORT, 0, REMOTE, [false, false]],
	] as const)('%s', (_, port, flags, flags2, to, expected) => {
		expect(hits(env(version, port, flags, flags2), to, port)).toEqual(expected);
	});
});
