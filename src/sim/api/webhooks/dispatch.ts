/**
 * Webhooks that a request has to pass: mutating ones one after the other, validating ones at once.
 *
 * Source: kubernetes staging/src/k8s.io/apiserver/pkg/admission/plugin/webhook/{mutating,validating}/dispatcher.go,
 * pkg/util/webhook/error.go @ v1.24.0.
 */
import type { Identity } from '../access/authorizer.ts';
import { expressions } from '../cel-later.ts';
import { clone, type Draft, equal, subs } from '../json.ts';
import { applyJsonPatch } from '../json-patch.ts';
import { newUid } from '../meta.ts';
import type { ApiStatus } from '../object.ts';
import { badRequest, forbidden, internalError } from '../status.ts';
import type { Context } from '../strategy.ts';
import { type CalledOut, type CallOut, post } from './call.ts';
import { type Asked, isExempt, isMeant, nameOf, rulesOf } from './match.ts';
import { denied, patchOf, reviewOf, reviewVersion, verdictOf } from './review.ts';

export interface Admission {
	/** Why it is not let through. */
	readonly error?: ApiStatus;
	/** The object as webhooks want it, where they changed it. */
	readonly object?: Draft;
	/** Microseconds somebody waits for them. */
	readonly took: number;
}

export interface Surroundings {
	readonly context: Context;
	/** Seconds since 1970. */
	readonly now: number;
	readonly who: Identity;
	readonly callOut: ((call: CallOut) => CalledOut | undefined) | undefined;
}

interface Called extends Admission {
	readonly changed?: boolean;
}

/** Calls one; what it wants, or why the request ends there. */
const callOne = (hook: Draft, asked: Asked, mutating: boolean, around: Surroundings): Called => {
	const { context, now, who, callOut } = around;
	const name = nameOf(hook);
	const ignores = hook.failurePolicy === 'Ignore';
	const matched = expressions()?.hookMatches(hook, asked, around);
	if (matched?.error !== undefined) return { took: 0, error: forbidden(asked.resource, asked.name, matched.error) };
	if (matched?.matches === false) return { took: 0 };
	const unanswered = (why: string, took = 0): Called =>
		ignores ? { took } : { took, error: internalError(`failed calling webhook ${JSON.stringify(name)}: ${why}`) };
	if (asked.dryRun && hook.sideEffects !== 'None' && hook.sideEffects !== 'NoneOnDryRun')
		return { took: 0, error: badRequest(`admission webhook ${JSON.stringify(name)} does not support dry run`) };
	const version = reviewVersion(hook);
	if (version === undefined)
		return unanswered('could not create admission objects: webhook does not accept known AdmissionReview versions: ');
	const { namespace, resource, operation } = asked;
	const uid = newUid(
		context.random,
		`review/${name}/${resource.plural}/${namespace ?? ''}/${asked.name}/${operation}/${now}`,
	);
	const seconds = Number(hook.timeoutSeconds ?? 10);
	const answer = post(hook.clientConfig as Draft, seconds, reviewOf(version, uid, asked, who), context, now, callOut);
	const { took } = answer;
	if (answer.body === undefined)
		return unanswered(
			`${answer.noClient ? 'could not get REST client' : 'failed to call webhook'}: ${answer.error}`,
			took,
		);
	const verdict = verdictOf(answer.body, { version, uid, mutating });
	if ('error' in verdict)
		return unanswered(
			`${verdict.decoded ? 'received invalid webhook response' : 'failed to call webhook'}: ${verdict.error}`,
			took,
		);
	for (const words of verdict.warnings) context.warn(words);
	if (!verdict.allowed) return { took, error: denied(name, verdict.status) };
	if (!mutating || verdict.patch === undefined) return { took };
	const patch = patchOf(verdict.patch);
	if ('error' in patch) return unanswered(`received undecodable patch in webhook response: ${patch.error}`, took);
	if (Array.isArray(patch.value) && patch.value.length === 0) return { took };
	if (asked.object === undefined)
		return {
			took,
			error: internalError(
				`admission webhook ${JSON.stringify(name)} attempted to modify the object, which is not supported for this operation`,
			),
		};
	if (verdict.patchType !== 'JSONPatch')
		return unanswered(`unsupported patch type ${JSON.stringify(verdict.patchType ?? '')}`, took);
	const patched = applyJsonPatch(asked.object, patch.value);
	if (patched.error) return { took, error: internalError(patched.error.causes?.[0]?.message ?? patched.error.message) };
	const object = clone(patched.value) as Draft;
	return { took, object, changed: !equal(object, asked.object) };
};

const hooksOf = (mutating: boolean, { context }: Surroundings): readonly Draft[] =>
	context
		.list(mutating ? 'mutatingwebhookconfigurations' : 'validatingwebhookconfigurations')
		.flatMap((configuration) => subs(configuration, 'webhooks'));

/** Asks the webhooks that are for a request, of one of the two kinds. */
export const admitByHooks = (asked: Asked, mutating: boolean, around: Surroundings): Admission => {
	if (isExempt(asked)) return { took: 0 };
	const hooks = hooksOf(mutating, around);
	if (hooks.length === 0) return { took: 0 };
	const meant = (hook: Draft, now: Asked): boolean => isMeant(hook, rulesOf(hook), now, around.context);
	if (!mutating) {
		const all = hooks.filter((hook) => meant(hook, asked)).map((hook) => callOne(hook, asked, false, around));
		const error = all.find((one) => one.error)?.error;
		return { took: Math.max(0, ...all.map((one) => one.took)), ...(error ? { error } : {}) };
	}
	let took = 0;
	let now = asked;
	let changedBy = -1;
	const one = (hook: Draft): ApiStatus | undefined => {
		const called = callOne(hook, now, true, around);
		took += called.took;
		if (called.error) return called.error;
		if (called.object && called.changed) {
			now = { ...now, object: called.object };
			changedBy = hooks.indexOf(hook);
		}
		return undefined;
	};
	const asking = new Set<Draft>();
	for (const hook of hooks) {
		if (!meant(hook, now)) continue;
		const error = one(hook);
		if (error) return { took, error };
		asking.add(hook);
	}
	// Once more those that want to see what others changed after them (reinvocationPolicy IfNeeded).
	for (const [i, hook] of hooks.entries()) {
		if (i >= changedBy || !asking.has(hook) || hook.reinvocationPolicy !== 'IfNeeded' || !meant(hook, now)) continue;
		const error = one(hook);
		if (error) return { took, error };
	}
	return { took, ...(now === asked ? {} : { object: now.object! }) };
};
