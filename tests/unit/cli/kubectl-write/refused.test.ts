/**
 * Several things in one command, by somebody who may do none of them: kubectl asks for each and tells of each, with the
 * file it came from (resource/visitor.go ContinueOnErrorVisitor, pkg/cmd/util AddSourceToErr @ v0.24.0). Checked with
 * kubectl v1.27 and v1.33 against a server that forbids.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { type Terminal, terminal } from '../terminal.ts';

let t: Terminal;
beforeAll(async () => {
	t = await terminal();
	await t.run(
		[
			'kubectl create deploy a --image=nginx:1.23',
			'kubectl create deploy b --image=nginx:1.23',
			'kubectl create sa dev',
			'kubectl create role look --verb=get,list --resource=deployments,configmaps',
			'kubectl create rolebinding look --role=look --serviceaccount=default:dev',
		].join('\n'),
	);
	await t.file(
		'maps.yaml',
		['x', 'z'].map((name) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`).join('---\n'),
	);
});

const who = 'User "system:serviceaccount:default:dev" cannot';
const may = (verb: string, what: string, group: string): string =>
	`${who} ${verb} resource "${what}" in API group "${group}" in the namespace "default"`;
const each = (names: readonly string[], line: (name: string) => string): string =>
	names.map((name) => `${line(name)}\n`).join('');

describe('what somebody may not do is told of each object', () => {
	test.each<[string, string]>([
		[
			'delete deploy a b',
			each(
				['a', 'b'],
				(n) =>
					`Error from server (Forbidden): deployments.apps "${n}" is forbidden: ${may('delete', 'deployments', 'apps')}`,
			),
		],
		[
			'set image deploy/a deploy/b nginx=nginx:1.24',
			each(
				['a', 'b'],
				(n) =>
					`failed to patch image update to pod template: deployments.apps "${n}" is forbidden: ${may('patch', 'deployments', 'apps')}`,
			),
		],
		[
			'create -f maps.yaml',
			each(
				['x', 'z'],
				() =>
					`Error from server (Forbidden): error when creating "maps.yaml": configmaps is forbidden: ${may('create', 'configmaps', '')}`,
			),
		],
		[
			'delete -f maps.yaml',
			each(
				['x', 'z'],
				(n) =>
					`Error from server (Forbidden): error when deleting "maps.yaml": configmaps "${n}" is forbidden: ${may('delete', 'configmaps', '')}`,
			),
		],
	])('%s', async (line, said) => {
		expect(await t.run(`kubectl --as=system:serviceaccount:default:dev ${line}`)).toBe(said);
		expect(t.code()).toBe(1);
	});
});

// Checked with kubectl v1.27 and v1.33 against a server that forbids; the words of the patch are of v0.25.0.
test('apply says what it could not look at, and what it could not patch to what', async () => {
	const NAMED =
		'Resource: "/v1, Resource=configmaps", GroupVersionKind: "/v1, Kind=ConfigMap"\nName: "x", Namespace: "default"';
	const apply = 'kubectl apply -f map.yaml --as=system:serviceaccount:default:';
	await t.run('kubectl create cm x --from-literal=a=b; kubectl create sa none');
	await t.file('map.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: {a: c}\n');
	expect(await t.run(`${apply}none`)).toBe(
		`Error from server (Forbidden): error when retrieving current configuration of:\n${NAMED}\nfrom server for: "map.yaml": configmaps "x" is forbidden: User "system:serviceaccount:default:none" cannot get resource "configmaps" in API group "" in the namespace "default"\n`,
	);
	expect(await t.run(`${apply}dev`)).toContain(
		`\nto:\n${NAMED}\nfor: "map.yaml": configmaps "x" is forbidden: User "system:serviceaccount:default:dev" cannot patch`,
	);
});
