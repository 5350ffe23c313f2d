/**
 * Identities nobody has any more. The operator looks every quarter of an hour: one that no endpoint has had for half an
 * hour is marked, and deleted the next time.
 *
 * Source: cilium operator/identitygc/{crd_gc,heartbeat}.go @ v1.13.9, operator/crd_identity_gc.go @ v1.12.1.
 */
import { type ApiMeta, type ApiObject, formatMicroTime } from '../../../api/index.ts';
import { all, as, removeOne } from '../../cluster/kinds.ts';
import { minorOf } from '../../machine/node-images.ts';
import { MINUTE, SECOND } from '../../time.ts';
import type { ProgramContext } from '../program.ts';
import { versionOfImage } from './agent-config.ts';
import { forgetIdentity } from './identities.ts';
import { say } from './say.ts';

const MARK = 'io.cilium.heartbeat';

interface Identity {
	readonly metadata: ApiMeta;
}

interface Endpoint {
	readonly status?: { readonly identity?: { readonly id?: number } };
}

/** `15m0s`, `30s`, `1h`; undefined when it is no duration. */
export function durationOf(text: string | undefined): number | undefined {
	if (text === undefined || !/^(?:\d+h)?(?:\d+m)?(?:\d+s)?$/.test(text) || text === '') return undefined;
	const part = (unit: string): number => Number(new RegExp(`(\\d+)${unit}`).exec(text)?.[1] ?? 0);
	return (part('h') * 3600 + part('m') * 60 + part('s')) * SECOND;
}

export function collectIdentities(context: ProgramContext, config: Readonly<Record<string, string>>): void {
	const { api, timeline } = context.cluster;
	const minor = minorOf(versionOfImage(context.container.image));
	const interval = durationOf(config['identity-gc-interval']) ?? 15 * MINUTE;
	const timeout = durationOf(config['identity-heartbeat-timeout']) ?? 30 * MINUTE;
	if (interval === 0) return;
	const began = timeline.now;
	/** When an identity was last seen in use, or changed. */
	const alive = new Map<string, number>();
	let waiting = false;

	const used = (): ReadonlySet<string> =>
		new Set(all<Endpoint>(api, 'ciliumendpoints').map((e) => String(e.status?.identity?.id ?? '')));

	const collect = (): void => {
		waiting = false;
		const now = timeline.now;
		const inUse = used();
		for (const identity of all<Identity>(api, 'ciliumidentities')) {
			const { name, annotations } = identity.metadata;
			if (inUse.has(name)) alive.set(name, now);
			if (now - (alive.get(name) ?? began) <= timeout) continue;
			if (annotations?.[MARK] === undefined) {
				say(context, 'info', 'operatorGc', `Marking ${minor >= 17 ? 'CRD ' : ''}identity for later deletion`, {
					identity: name,
					k8sUID: identity.metadata.uid ?? '',
				});
				const stamp = formatMicroTime(timeline.epoch + Math.floor(now / SECOND), now % SECOND);
				api.update({
					...as<ApiObject>(identity as never),
					metadata: { ...identity.metadata, annotations: { ...annotations, [MARK]: stamp } },
				});
			} else {
				removeOne(api, 'ciliumidentities', undefined, name);
				forgetIdentity(context.cluster, Number(name));
				alive.delete(name);
			}
		}
		plan();
	};
	/** The next round, as long as there is one nobody has: rounds that would find nothing are left out. */
	const plan = (): void => {
		if (waiting) return;
		const inUse = used();
		if (all<Identity>(api, 'ciliumidentities').every(({ metadata }) => inUse.has(metadata.name))) return;
		waiting = true;
		context.after(interval - ((timeline.now - began) % interval), collect);
	};
	context.watch(({ type, object }) => {
		if (object.kind === 'CiliumIdentity' && type !== 'DELETED' && object.metadata.annotations?.[MARK] === undefined)
			alive.set(object.metadata.name, timeline.now);
		if (object.kind === 'CiliumIdentity' || object.kind === 'CiliumEndpoint') plan();
	});
	plan();
}
