/**
 * etcd of a cluster's control planes: who its members are, and whether one answers whoever asks.
 *
 * Source: etcd server/etcdserver/api/membership/{member,cluster}.go (computeMemberId, genID), client/v3,
 * etcdctl/ctlv3/command/global.go @ v3.5.3.
 */
import { readCertificate, readPem, rsaVerify } from '../../sim/api/index.ts';
import type { Cluster, NodeMachine } from '../../sim/lab/index.ts';
import { sha1 } from '../../sim/trace/index.ts';
import { formatIp, utf8 } from '../../sim/wire/index.ts';
import type { Call } from '../tool.ts';

export interface Member {
	readonly name: string;
	/** Sixteen hexadecimal digits at most. */
	readonly id: bigint;
	readonly peer: string;
	readonly client: string;
	readonly machine: NodeMachine;
}

/** The first 64 bits of the hash, as etcd reads them: big endian. */
const head = (octets: Uint8Array): bigint => new DataView(sha1(octets).buffer).getBigUint64(0);

/** Initial members are numbered by where they are and by their cluster's token. */
export function membersOf(cluster: Cluster): readonly Member[] {
	return cluster
		.nodes()
		.filter(({ role, ip }) => role === 'control-plane' && ip !== undefined)
		.map((machine) => {
			const peer = `https://${formatIp(machine.ip!)}:2380`;
			return {
				name: machine.name,
				id: head(utf8(`${peer}etcd-cluster`)),
				peer,
				client: `https://${formatIp(machine.ip!)}:2379`,
				machine,
			};
		});
}

export function clusterId(members: readonly Member[]): bigint {
	const ids = members.map(({ id }) => id).sort((a, b) => (a < b ? -1 : 1));
	const octets = new Uint8Array(ids.length * 8);
	const view = new DataView(octets.buffer);
	ids.forEach((id, i) => {
		view.setBigUint64(i * 8, id);
	});
	return head(octets);
}

/** What of the command line and the environment is about the connection. */
export interface Access {
	readonly cacert: string;
	readonly cert: string;
	readonly key: string;
	readonly insecure: boolean;
	/** Microseconds. */
	readonly timeout: number;
}

/** The member behind an endpoint, or the last thing the client's balancer met. */
export type Reached = { readonly member: Member } | { readonly error: string };

const certificate = (text: string) => {
	const block = readPem(text);
	return block?.type === 'CERTIFICATE' ? readCertificate(block.octets) : undefined;
};

/** Files of the command line that cannot be read, in Go's words; undefined when all can. */
export async function badFiles(call: Call, { cacert, cert, key }: Access): Promise<string | undefined> {
	if ((cert === '') !== (key === '')) return `KeyFile and CertFile must both be present[key: ${key}, cert: ${cert}]`;
	for (const path of [cert, key, cacert])
		if (path !== '' && (await call.files.read(path)) === undefined) return `open ${path}: no such file or directory`;
	return undefined;
}

/** Asks an endpoint: is there an etcd, does it speak TLS, does each believe the other. */
export async function reachMember(call: Call, cluster: Cluster, endpoint: string, access: Access): Promise<Reached> {
	const [, scheme, host = '', port = ''] = /^(?:(\w+):\/\/)?([^:/]+)(?::(\d+))?/.exec(endpoint) ?? [];
	const local = host === '127.0.0.1' || host === 'localhost';
	const own = call.place.kind === 'pod' ? nodeOf(cluster, call.place) : undefined;
	const member = membersOf(cluster).find(({ machine, name }) =>
		local ? name === own : machine.ip !== undefined && formatIp(machine.ip) === host,
	);
	const dial = (why: string): Reached => ({
		error: `connection error: desc = "transport: Error while dialing dial tcp ${host}:${port}: ${why}"`,
	});
	if (!member?.machine.running && !local) return dial('i/o timeout');
	const serves = member && port === '2379' && runs(cluster, member);
	if (!serves) return dial('connect: connection refused');
	const tls =
		scheme === 'https' || (scheme !== 'http' && (access.cacert !== '' || access.cert !== '' || access.insecure));
	if (!tls) return { error: 'connection closed before server preface received' };
	const handshake = (why: string): Reached => ({
		error: `connection error: desc = "transport: authentication handshake failed: ${why}"`,
	});
	const pki = call.filesAt({ kind: 'node', cluster: cluster.name, node: member.name });
	const read = async (name: string) => certificate((await pki.read(`/etc/kubernetes/pki/etcd/${name}.crt`)) ?? '');
	const authority = await read('ca');
	if (!access.insecure) {
		const server = await read('server');
		const trusted = access.cacert === '' ? undefined : certificate((await call.files.read(access.cacert)) ?? '');
		if (!trusted?.key || !server || !rsaVerify(trusted.key, server.body, server.signature))
			return handshake('x509: certificate signed by unknown authority');
	}
	const client = access.cert === '' ? undefined : certificate((await call.files.read(access.cert)) ?? '');
	if (!client || !authority?.key || !rsaVerify(authority.key, client.body, client.signature))
		return handshake('remote error: tls: bad certificate');
	return { member };
}

const nodeOf = (cluster: Cluster, { namespace, pod }: { readonly namespace: string; readonly pod: string }): unknown =>
	cluster.api.get(cluster.api.find('pods')!, namespace, pod)?.spec?.nodeName ??
	cluster.nodes().find(({ name }) => pod === `etcd-${name}`)?.name;

const runs = (cluster: Cluster, { name }: Member): boolean =>
	cluster.running({ namespace: 'kube-system', name: `etcd-${name}` }).some((one) => one.name === 'etcd');
