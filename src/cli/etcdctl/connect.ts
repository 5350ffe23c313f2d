/** The member that answers etcdctl, or what it says when none does. */
import type { Run } from '../cobra/index.ts';
import { accessOf, endpointsOf } from './flags.ts';
import { badFiles, type Member, reachMember } from './members.ts';

/** The warning of client/v3/retry_interceptor.go, which goes to standard error. */
export function retried({ call }: Run, endpoint: string, error: string, logger: string): void {
	const ts = new Date(Math.floor((call.lab.epoch * 1e6 + call.lab.now) / 1000)).toISOString();
	const target = `etcd-endpoints://0xc${call.lab.random('etcdctl', `target ${call.lab.now}`, 0xfffff).toString(16).padStart(9, '0')}/${endpoint.replace(/^\w+:\/\//, '')}`;
	call.err(
		`${JSON.stringify({
			level: 'warn',
			ts,
			logger,
			caller: 'v3/retry_interceptor.go:62',
			msg: 'retrying of unary invoker failed',
			target,
			attempt: 0,
			error: `rpc error: code = DeadlineExceeded desc = latest balancer error: last connection error: ${error}`,
		})}\n`,
	);
}

/** The first member that answers; throws nothing: the text of the error otherwise, after the time it takes. */
export async function connected(run: Run): Promise<{ readonly member: Member } | { readonly failure: string }> {
	const access = accessOf(run);
	const bad = await badFiles(run.call, access);
	if (bad) return { failure: bad };
	const cluster = run.call.cluster();
	if (!cluster) return { failure: 'context deadline exceeded' };
	const endpoints = endpointsOf(run);
	let last = '';
	for (const endpoint of endpoints) {
		const reached = await reachMember(run.call, cluster, endpoint, access);
		if ('member' in reached) return reached;
		last = reached.error;
	}
	await run.call.sleep(access.timeout);
	retried(run, endpoints[0]!, last, 'etcd-client');
	return { failure: 'context deadline exceeded' };
}
