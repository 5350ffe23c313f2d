/** Alternatives in the schemas of Cilium's definitions: the server refuses what fits none, or more than one. */
import { expect, test } from 'vitest';
import { ciliumDefinitions } from '../../../../src/sim/api/index.ts';
import { recent } from './recent.ts';

interface Schema {
	readonly anyOf?: readonly { readonly required: readonly string[] }[];
	readonly oneOf?: readonly { readonly required: readonly string[] }[];
	readonly properties: Readonly<Record<string, Schema>>;
	readonly items: Schema;
}

interface Named {
	readonly names: { readonly plural: string };
}

function ruleOf(version: string): Schema {
	const crd = ciliumDefinitions(version).find(({ spec }) => (spec as Named).names.plural === 'ciliumnetworkpolicies');
	const { versions } = crd!.spec as { versions: { schema: { openAPIV3Schema: Schema } }[] };
	return versions[0]!.schema.openAPIV3Schema.properties.specs!.items;
}

const names = (list: Schema['oneOf']): string | undefined => list?.map(({ required }) => required.join()).join();

test('each version of the definition has its own alternatives', () => {
	const seen = ['1.12.1', '1.14.4', '1.16.15', '1.17.8'].map((version) => {
		const rule = ruleOf(version);
		const { toCIDRSet, toFQDNs, toPorts } = rule.properties.egress!.items.properties;
		const inner = [toCIDRSet!.items, toFQDNs!.items, toPorts!.items.properties.rules!];
		return [names(rule.oneOf), names(rule.anyOf), ...inner.map(({ oneOf }) => names(oneOf))];
	});
	const selectors = 'endpointSelector,nodeSelector';
	expect(seen).toEqual([
		[selectors, undefined, undefined, undefined, undefined],
		[selectors, undefined, 'cidr,cidrGroupRef', undefined, undefined],
		[selectors, undefined, 'cidr,cidrGroupRef', 'matchName,matchPattern', 'http,kafka,dns,l7proto'],
		[
			selectors,
			'ingress,ingressDeny,egress,egressDeny',
			'cidr,cidrGroupRef,cidrGroupSelector',
			'matchName,matchPattern',
			'http,kafka,dns,l7proto',
		],
	]);
});

test('kubectl apply tells which alternatives a policy lacks, and nothing is stored', async () => {
	const t = await recent('1.18.6');
	const put = async (spec: string): Promise<string> => {
		const head = 'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: p}\n';
		await t.file('p.yaml', `${head}${spec}\n`);
		return t.run('kubectl apply -f p.yaml');
	};
	const one = 'must validate one and only one schema (oneOf).';
	expect(await put('spec: {ingress: [{}]}')).toBe(
		`The CiliumNetworkPolicy "p" is invalid: \n* <nil>: Invalid value: "": "spec" ${one} Found none valid\n* spec.endpointSelector: Required value\n`,
	);
	expect(await put('spec: {endpointSelector: {}, nodeSelector: {}, egress: [{}]}')).toBe(
		`The CiliumNetworkPolicy "p" is invalid: <nil>: Invalid value: "": "spec" ${one} Found 2 valid alternatives\n`,
	);
	expect(await put('specs: [{endpointSelector: {}}]')).toBe(
		'The CiliumNetworkPolicy "p" is invalid: \n* <nil>: Invalid value: "": "specs[0]" must validate at least one schema (anyOf)\n* specs[0].ingress: Required value\n',
	);
	expect(await put('spec: {endpointSelector: {}, egress: [{toPorts: [{rules: {dns: [{}], http: [{}]}}]}]}')).toBe(
		`The CiliumNetworkPolicy "p" is invalid: \n* <nil>: Invalid value: "": "spec.egress[0].toPorts[0].rules" ${one} Found 2 valid alternatives\n* <nil>: Invalid value: "": "spec.egress[0].toPorts[0].rules.dns[0]" ${one} Found none valid\n* spec.egress[0].toPorts[0].rules.dns[0].matchName: Required value\n`,
	);
	expect(await t.run('kubectl get cnp')).toContain('No resources found');
	expect(await put('spec: {endpointSelector: {}, ingress: []}')).toContain('created');
});
