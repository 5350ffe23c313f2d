/** Headers compared field by field. */
import type { Headers } from '../../sim/trace/index.ts';
import type { Field } from './types.ts';

/** The packet a learner follows: the innermost one. */
export function innermost(h: Headers): Headers {
	return h.inner ? innermost(h.inner) : h;
}

/** Fields of the followed packet that differ, plus `outer` when an encapsulation was put on, taken off or changed. */
export function changedFields(a: Headers, b: Headers): Field[] {
	const x = innermost(a);
	const y = innermost(b);
	const out: Field[] = [];
	if (x.src !== y.src) out.push('src');
	if (x.sport !== y.sport) out.push('sport');
	if (x.dst !== y.dst) out.push('dst');
	if (x.dport !== y.dport) out.push('dport');
	if (x.ttl !== y.ttl) out.push('ttl');
	if (a.mark !== b.mark) out.push('mark');
	if (a.dsr?.ip !== b.dsr?.ip || a.dsr?.port !== b.dsr?.port) out.push('dsr');
	if (!!a.inner !== !!b.inner || (a.inner && (a.src !== b.src || a.dst !== b.dst))) out.push('outer');
	return out;
}

/** True when a change is worth a label of its own: the TTL alone is not. */
export function isRewrite(changed: readonly Field[]): boolean {
	return changed.some((f) => f !== 'ttl');
}
