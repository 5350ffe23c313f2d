/** What `kubectl kustomize` of v1.27 to v1.33 says of folders like these: read strictly, and changed where kustomize changes it. */
import { beforeAll, describe, expect, test } from 'vitest';
import { printYaml } from '../../../../src/cli/kube/index.ts';
import { build } from '../../../../src/cli/kubectl/kustomize/build.ts';
import { loadForPeople } from '../../../../src/sim/api/index.ts';

const DEPLOY = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "nginx:1.23", env: [{name: A, value: "1"}]}]}
`;
const BUDGET = `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: web}
spec: {minAvailable: 1, selector: {matchLabels: {app: web}}}
`;

/** Objects of a folder with these files, or what it says instead. */
async function built(files: Readonly<Record<string, string>>, minor = 31, said: string[] = []): Promise<string> {
	const disk = {
		read: async (path: string) => files[path.slice('/k/'.length)],
		readBytes: async (path: string) => Uint8Array.from(files[path.slice('/k/'.length)] ?? '', (c) => c.charCodeAt(0)),
		list: async (path: string) => (path === '/k' ? Object.keys(files) : undefined),
	};
	try {
		const objects = await build('/k', disk, {
			minor,
			warn: (words) => said.push(words),
			log: (words) => said.push(`${words}\n`),
			address: () => '0xc000000000',
		});
		return objects.map((object) => printYaml(object)).join('---\n');
	} catch (fault) {
		return `error: ${(fault as Error).message}`;
	}
}
const deploy = (more: string, files: Readonly<Record<string, string>> = {}, minor = 31): Promise<string> =>
	built({ 'd.yaml': DEPLOY, 'kustomization.yaml': `resources: [d.yaml]\n${more}`, ...files }, minor);

beforeAll(loadForPeople);

describe('a kustomization is read strictly', () => {
	test.each([
		[
			'images: [{name: nginx, newTag: 1.25}]',
			'cannot unmarshal number into Go struct field Image.images.newTag of type string',
		],
		['images: [{name: nginx, tag: "1"}]', 'unknown field "tag"'],
		['labels: [{pair: {a: b}}]', 'unknown field "pair"'],
		['commonLabels: {a: 1}', 'cannot unmarshal number into Go struct field Kustomization.commonLabels of type string'],
		['patches: [p.yaml]', 'cannot unmarshal string into Go struct field Kustomization.patches of type types.Patch'],
		[
			'replicas: [{name: web, count: "5"}]',
			'cannot unmarshal string into Go struct field Replica.replicas.count of type int64',
		],
		['configMapGenerator: [{name: c, literal: [A=1]}]', 'unknown field "literal"'],
		['namespace: [a]', 'cannot unmarshal array into Go struct field Kustomization.namespace of type string'],
	])('%s', async (line, words) => {
		expect(await deploy(line)).toBe(`error: invalid Kustomization: json: ${words}`);
	});

	test('names of fields in any case, as Go reads JSON', async () => {
		expect(await deploy('nameprefix: x-')).toContain('name: x-web');
	});
});

describe('what changes', () => {
	test('selectors that are there get the labels, too', async () => {
		const files = { 'b.yaml': BUDGET, 'kustomization.yaml': 'resources: [b.yaml]\ncommonLabels: {team: a}\n' };
		expect(await built(files)).toContain('matchLabels:\n      app: web\n      team: a');
	});

	test('labels go where `fields` says', async () => {
		const fields = 'labels: [{pairs: {a: b}, fields: [{path: spec/x, kind: Deployment, create: true}]}]';
		expect(await deploy(fields)).toContain('  x:\n    a: b');
	});

	test.each(['ngin.*', 'nginx:1.23'])('an image is named by an expression: %s', async (name) => {
		expect(await deploy(`images: [{name: "${name}", newTag: v9}]`)).toContain('image: nginx:v9');
	});

	test('long values of secrets are broken into lines, and the hash counts them', async () => {
		const files = { 'kustomization.yaml': 'secretGenerator: [{name: s, files: [f]}]\n', f: `${'QUJD'.repeat(16)}\n` };
		expect(await built(files)).toBe(`apiVersion: v1
data:
  f: |
    UVVKRFFVSkRRVUpEUVVKRFFVSkRRVUpEUVVKRFFVSkRRVUpEUVVKRFFVSkRRVUpEUVVKRF
    FVSkRRVUpEUVVKRAo=
kind: Secret
metadata:
  name: s-b74dt8cf46
type: Opaque
`);
	});

	test('annotations are text, whatever was written', async () => {
		const files = { 'd.yaml': DEPLOY.replace('name: web}', 'name: web, annotations: {on: true, port: 80}}') };
		expect(await deploy('', files)).toContain('annotations:\n    "on": "true"\n    port: "80"');
	});

	test('the order that sortOptions asks for', async () => {
		const order = 'sortOptions: {order: legacy, legacySortOptions: {orderFirst: [Deployment], orderLast: []}}';
		const files = { 's.yaml': 'apiVersion: v1\nkind: Service\nmetadata: {name: web}\n' };
		expect(
			await deploy(`${order}\n`, { ...files, 'kustomization.yaml': `resources: [s.yaml, d.yaml]\n${order}\n` }),
		).toMatch(/^apiVersion: apps\/v1/);
		expect(await deploy('sortOptions: {order: zz}')).toBe(
			"error: the field 'sortOptions.order' must be one of [fifo, legacy]",
		);
	});

	test('a replacement finds all of a list, and keys with dots in brackets', async () => {
		const out = await deploy(`replacements:
- source: {kind: Deployment, fieldPath: spec.replicas}
  targets:
  - select: {kind: Deployment}
    fieldPaths: ["spec.template.spec.containers.*.env.[name=A].value", "metadata.annotations.[example.com/n]"]
    options: {create: true}
`);
		expect(out).toContain('- name: A\n          value: "2"');
		expect(out).toContain('annotations:\n    example.com/n: "2"');
	});

	test('buildMetadata: the label; annotations are refused', async () => {
		expect(await deploy('buildMetadata: [managedByLabel]')).toContain(
			'app.kubernetes.io/managed-by: kustomize-(devel)',
		);
		expect(await deploy('buildMetadata: [originAnnotations]')).toBe(
			'error: kustomizations of this lab have no buildMetadata originAnnotations',
		);
	});
});

describe('vars', () => {
	const files = (vars: string): Readonly<Record<string, string>> => ({
		'd.yaml': DEPLOY.replace('value: "1"', 'value: $(PORT)').replace(
			'image: "nginx:1.23"',
			'image: i, command: [serve, $(HOST), "$$$$(HOST):$(PORT)", $(NOT)]',
		),
		's.yaml': 'apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 80}]}\n',
		'kustomization.yaml': `namePrefix: dev-\nresources: [d.yaml, s.yaml]\nvars:\n${vars}`,
	});
	const host = '- {name: HOST, objref: {kind: Service, name: web, apiVersion: v1}}\n';
	const port =
		'- {name: PORT, objref: {kind: Service, name: web, apiVersion: v1}, fieldref: {fieldPath: "spec.ports[0].port"}}\n';

	test('stand for names as they are in the end, and for fields, which keep their type', async () => {
		const said: string[] = [];
		const out = await built(files(`${host}${port}`), 31, said);
		expect(out).toContain(
			'command:\n        - serve\n        - dev-web\n        - $(HOST):80\n        - $(NOT)\n        env:\n        - name: A\n          value: 80\n',
		);
		expect(said).toEqual([
			"# Warning: 'vars' is deprecated. Please use 'replacements' instead. [EXPERIMENTAL] Run 'kustomize edit fix' to update your Kustomization automatically.\n",
		]);
	});

	test('what is not used is said', async () => {
		const said: string[] = [];
		await built(files(`${host}${port.replaceAll('PORT', 'NUMBER')}`), 27, said);
		expect(said.at(-1)).toBe('well-defined vars that were never replaced: NUMBER\n');
	});

	test.each([
		[
			host.replace('web', 'nope'),
			"var '{HOST Service.v1.[noGrp] {metadata.name}}' cannot be mapped to a field in the set of known resources",
		],
		[
			port.replace('0', '7'),
			"field specified in var '{PORT Service.v1.[noGrp] {spec.ports[7].port}}' not found in corresponding resource",
		],
		[
			`${host}${host}`,
			"merging vars [{HOST Service.[noVer].[noGrp] {}} {HOST Service.[noVer].[noGrp] {}}]: var 'HOST' already encountered",
		],
		[
			'  a: b\n',
			'invalid Kustomization: json: cannot unmarshal object into Go struct field Kustomization.vars of type []types.Var',
		],
	])('%s', async (vars, words) => {
		expect(await built(files(vars))).toBe(`error: ${words}`);
	});
});

describe('what is in files', () => {
	test('a key that is there twice is found when all is written out', async () => {
		const twice = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  a: b\n  c: d\n  a: e\n  c: f\n';
		expect(await deploy('', { 'd.yaml': `${DEPLOY}---\n${twice}` })).toBe(
			'error: map[string]interface {}(nil): yaml: unmarshal errors:\n  line 7: mapping key "a" already defined at line 5\n  line 8: mapping key "c" already defined at line 6',
		);
	});

	test('octets that are no text are binaryData of a ConfigMap, with lines of 70', async () => {
		const out = await built({
			'b.bin': '\xff\xfe\0abc',
			'long.bin': '\xff'.repeat(60),
			'kustomization.yaml':
				'configMapGenerator: [{name: a, files: [b.bin, long.bin], literals: [x=z]}]\nsecretGenerator: [{name: s, files: [b.bin]}]\n',
		});
		expect(out).toContain(
			`binaryData:\n  b.bin: //4AYWJj\n  long.bin: |\n    ${'/'.repeat(70)}\n    //////////\ndata:\n  x: z\nkind: ConfigMap`,
		);
		expect(out).toContain('data:\n  b.bin: //4AYWJj\nkind: Secret');
	});

	test('a generated object that should not be there yet, or should', async () => {
		const id = (words: string): string =>
			`error: merging from generator &{0xc000000000 <nil>}: id resid.ResId{Gvk:resid.Gvk{Group:"", Version:"v1", Kind:"ConfigMap", isClusterScoped:false}, Name:"a", Namespace:"q"} ${words}`;
		const map = (behavior: string): string => `{name: a, namespace: q, behavior: ${behavior}, literals: [x=z]}`;
		expect(await deploy(`configMapGenerator: [${map('merge')}]`)).toBe(id('does not exist; cannot merge or replace'));
		expect(await deploy(`configMapGenerator: [${map('create')}, ${map('create')}]`)).toBe(
			id('exists; behavior must be merge or replace'),
		);
	});

	test('a base that brings what is there already', async () => {
		const id = 'may not add resource with an already registered id: Deployment.v1.apps/web.[noNs]';
		expect(await deploy('', { 'kustomization.yaml': 'resources: [d.yaml, d.yaml]\n' })).toContain(
			`merging resources from 'd.yaml': ${id}`,
		);
	});
});

describe('what is wrong with a patch', () => {
	const json = (op: string): string => `patches:\n- target: {kind: Deployment}\n  patch: '[${op}]'`;
	test.each([
		[
			json('{"op":"remove", "path":"/spec/paused"}'),
			"error in remove for path: '/spec/paused': Unable to remove nonexistent key: paused: missing value",
		],
		[json('{"op":"test", "path":"/spec/replicas", "value":3}'), 'testing value /spec/replicas failed: test failed'],
		[
			json('{"op":"replace", "path":"/spec/no/x", "value":3}'),
			'replace operation does not apply: doc is missing path: /spec/no/x: missing value',
		],
		[
			'patches: [{path: no.yaml}]',
			"trouble configuring builtin PatchTransformer with config: `\npath: no.yaml\n`: failed to get the patch file from path(no.yaml): evalsymlink failure on '/k/no.yaml' : lstat /k/no.yaml: no such file or directory",
		],
		[
			'patches: [{patch: "spec: {replicas: 7}", target: {kind: Deployment}}]',
			'trouble configuring builtin PatchTransformer with config: `\npatch: \'spec: {replicas: 7}\'\ntarget:\n  kind: Deployment\n`: unable to parse SM or JSON patch from [patch: "spec: {replicas: 7}"]',
		],
	])('%s', async (patch, words) => {
		expect(await deploy(patch)).toBe(`error: ${words}`);
	});
});
