/** `etcdctl member list`, `endpoint health` and `endpoint status` (ctlv3/command/{member,ep}_command.go @ v3.5.3). */
import type { Run } from '../cobra/index.ts';
import { connected, retried } from './connect.ts';
import { accessOf, endpointsOf, format } from './flags.ts';
import { storedIn } from './keys.ts';
import { badFiles, clusterId, type Member, membersOf, reachMember } from './members.ts';
import { bytes, table } from './table.ts';

const hex = (id: bigint): string => id.toString(16);

export async function memberList(run: Run): Promise<string | number> {
	const wrong = format(run, 'simple', 'table', 'json');
	if (wrong) return wrong;
	const reached = await connected(run);
	if ('failure' in reached) return reached.failure;
	const members = membersOf(run.call.cluster()!);
	const rows = members.map(({ id, name, peer, client }) => [hex(id), 'started', name, peer, client, 'false']);
	const how = run.flags.text('write-out');
	if (how === 'json')
		run.call.out(
			`{"header":{"cluster_id":${clusterId(members)},"member_id":${reached.member.id},"raft_term":${TERM}},"members":[${members
				.map(
					({ id, name, peer, client }) =>
						`{"ID":${id},"name":${JSON.stringify(name)},"peerURLs":[${JSON.stringify(peer)}],"clientURLs":[${JSON.stringify(client)}]}`,
				)
				.join(',')}]}\n`,
		);
	else if (how === 'table')
		run.call.out(table([['ID', 'STATUS', 'NAME', 'PEER ADDRS', 'CLIENT ADDRS', 'IS LEARNER'], ...rows]));
	else for (const row of rows) run.call.out(`${row.join(', ')}\n`);
	return 0;
}

/** A cluster that was never without its first leader is in the term that elected it. */
const TERM = 2;

/** Entries of the log: each write, and what members enter as they begin (a leader's first, members, names, the version). */
const raftIndex = (revision: number, members: number): number => revision + 1 + 2 * members;

/** `--cluster` asks all members in the place of the endpoints. */
export const asked = (run: Run): readonly string[] =>
	run.flags.on('cluster') ? membersOf(run.call.cluster()!).map(({ client }) => client) : endpointsOf(run);

export async function health(run: Run): Promise<string | number> {
	const wrong = format(run, 'simple', 'table', 'json');
	if (wrong) return wrong;
	const access = accessOf(run);
	const bad = await badFiles(run.call, access);
	if (bad) return bad;
	const cluster = run.call.cluster()!;
	const found: { endpoint: string; took: string; error: string }[] = [];
	for (const endpoint of asked(run)) {
		const reached = await reachMember(run.call, cluster, endpoint, access);
		if ('error' in reached) {
			await run.call.sleep(access.timeout);
			retried(run, endpoint, reached.error, 'client');
			found.push({
				endpoint,
				took: `5.00${run.call.lab.random('etcdctl', endpoint, 999_999)}s`,
				error: 'context deadline exceeded',
			});
		} else {
			const micros = 4_000_000 + run.call.lab.random('etcdctl', `${endpoint} ${run.call.lab.now}`, 20_000_000);
			found.push({
				endpoint,
				took: `${Math.floor(micros / 1e6)}.${
					String(micros % 1e6)
						.padStart(6, '0')
						.replace(/0+$/, '') || '0'
				}ms`,
				error: '',
			});
		}
	}
	const how = run.flags.text('write-out');
	const { call } = run;
	if (how === 'json')
		call.out(
			`${JSON.stringify(found.map(({ endpoint, took, error }) => ({ endpoint, health: error === '', took, ...(error ? { error } : {}) })))}\n`,
		);
	else if (how === 'table')
		call.out(
			table([
				['ENDPOINT', 'HEALTH', 'TOOK', 'ERROR'],
				...found.map(({ endpoint, took, error }) => [endpoint, String(error === ''), took, error]),
			]),
		);
	else
		for (const { endpoint, took, error } of found)
			if (error === '') call.out(`${endpoint} is healthy: successfully committed proposal: took = ${took}\n`);
			else call.err(`${endpoint} is unhealthy: failed to commit proposal: ${error}\n`);
	return found.some(({ error }) => error !== '') ? 'unhealthy cluster' : 0;
}

export async function status(run: Run): Promise<string | number> {
	const wrong = format(run, 'simple', 'table', 'json');
	if (wrong) return wrong;
	const access = accessOf(run);
	const bad = await badFiles(run.call, access);
	if (bad) return bad;
	const { call } = run;
	const cluster = call.cluster()!;
	const members = membersOf(cluster);
	const index = raftIndex(cluster.api.revision, members.length);
	const size =
		Math.ceil(
			storedIn(cluster).reduce(
				(sum, { key, object }) => sum + key.length + (object ? JSON.stringify(object).length : 0),
				0,
			) / 4096,
		) * 4096;
	const found: { endpoint: string; member: Member; version: string }[] = [];
	let failed = false;
	for (const endpoint of asked(run)) {
		const reached = await reachMember(call, cluster, endpoint, access);
		if ('error' in reached) {
			await call.sleep(access.timeout);
			retried(run, endpoint, reached.error, 'etcd-client');
			call.err(`Failed to get the status of endpoint ${endpoint} (context deadline exceeded)\n`);
			failed = true;
		} else found.push({ endpoint, member: reached.member, version: versionOf(run) });
	}
	const rows = found.map(({ endpoint, member, version }) => [
		endpoint,
		hex(member.id),
		version,
		bytes(size),
		String(member === members[0] || member.id === members[0]!.id),
		'false',
		String(TERM),
		String(index),
		String(index),
		'',
	]);
	const how = run.flags.text('write-out');
	if (how === 'json')
		call.out(
			`[${found
				.map(
					({ endpoint, member, version }) =>
						`{"Endpoint":${JSON.stringify(endpoint)},"Status":{"header":{"cluster_id":${clusterId(members)},"member_id":${member.id},"revision":${cluster.api.revision},"raft_term":${TERM}},"version":${JSON.stringify(version)},"dbSize":${size},"leader":${members[0]!.id},"raftIndex":${index},"raftTerm":${TERM},"raftAppliedIndex":${index},"dbSizeInUse":${size}}}`,
				)
				.join(',')}]\n`,
		);
	else if (how === 'table')
		call.out(
			table([
				[
					'ENDPOINT',
					'ID',
					'VERSION',
					'DB SIZE',
					'IS LEADER',
					'IS LEARNER',
					'RAFT TERM',
					'RAFT INDEX',
					'RAFT APPLIED INDEX',
					'ERRORS',
				],
				...rows,
			]),
		);
	else for (const row of rows) call.out(`${row.join(', ')}\n`);
	return failed ? 1 : 0;
}

/** Of the image: `3.5.3` of `k8s.gcr.io/etcd:3.5.3-0`. */
export function versionOf({ call }: Run): string {
	const { place } = call;
	const cluster = call.cluster();
	if (place.kind !== 'pod' || !cluster) return '';
	const pod = cluster.api.get(cluster.api.find('pods')!, place.namespace, place.pod);
	const containers = (pod?.spec?.containers ?? []) as readonly { readonly name: string; readonly image: string }[];
	const image = containers.find(({ name }) => name === place.container)?.image ?? '';
	return /:v?(\d+\.\d+\.\d+)/.exec(image)?.[1] ?? '';
}
