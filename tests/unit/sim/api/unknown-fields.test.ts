/** Kinds that few people write are read as strictly as others (k8s.io/api flowcontrol, kube-aggregator @ v0.24.0). */
import { expect, it } from 'vitest';
import { bench } from './fixtures.ts';

const SPECS: Readonly<Record<string, readonly [group: string, spec: Readonly<Record<string, unknown>>]>> = {
	APIService: [
		'apiregistration.k8s.io/v1',
		{ group: 'a.b', version: 'v1', groupPriorityMinimum: 1, versionPriority: 1, service: { name: 'x', namspace: 'y' } },
	],
	FlowSchema: [
		'flowcontrol.apiserver.k8s.io/v1',
		{ priorityLevelConfiguration: { name: 'exempt', namspace: 'y' }, matchingPrecedence: 5 },
	],
	PriorityLevelConfiguration: [
		'flowcontrol.apiserver.k8s.io/v1',
		{ type: 'Limited', limited: { limitResponse: { type: 'Reject', namspace: 'y' } } },
	],
};

it.each(Object.keys(SPECS))('a server of 1.30 knows what it does not know of a %s', (kind) => {
	const [apiVersion, spec] = SPECS[kind]!;
	const name = kind === 'APIService' ? 'v1.a.b' : 'a';
	const answer = bench('v1.30.0').api.create({ apiVersion, kind, metadata: { name }, spec } as never, {
		fieldValidation: 'Strict',
	});
	expect(answer.error?.message).toMatch(
		new RegExp(
			`${kind} in version "v1" cannot be handled as a ${kind}: strict decoding error: unknown field "spec\\..*namspace"$`,
		),
	);
});
