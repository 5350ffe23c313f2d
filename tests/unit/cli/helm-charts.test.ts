import { expect, test } from 'vitest';
import { TemplateError, TemplateSet } from '../../../src/cli/gotemplate/index.ts';
import { DATA, toJson } from '../../../src/cli/helm/chart/sprig-data.ts';
import { TEXT } from '../../../src/cli/helm/chart/sprig-text.ts';
import { terminal } from './terminal.ts';

const VALUES = JSON.parse(
	'{"n":1,"big":1234567,"f":1.5,"s":"str","e":"","l":["a","b","c"],"m":{"x":"y","k":2}}',
) as unknown;

function rendered(template: string): string {
	const set = new TemplateSet({ ...TEXT, ...DATA, toJson: { types: 'a', call: toJson } });
	try {
		set.parse('t', template);
		return set.execute('t', VALUES);
	} catch (fault) {
		if (fault instanceof TemplateError) return fault.message;
		throw fault;
	}
}

/** Templates and what Go's text/template (go1.19, missingkey=zero) with sprig 3.2.3 made of them. */
test.each([
	['{{ .a.b.c }}', 'template: t:1:5: executing "t" at <.a.b.c>: nil pointer evaluating interface {}.b'],
	['{{ .n }} {{ .big }} {{ .f }}', '1 1.234567e+06 1.5'],
	['{{ quote .n "x" .s nil }} {{ .missing | default 5 }}', '"1" "x" "str" 5'],
	['{{ printf "%d %s %5d|%-5s|%05d" 3 "x" 42 "ab" 7 }}', '3 x    42|ab   |00007'],
	['{{ printf "%s" .n }} {{ printf "%d" .n }} {{ printf "x" 1 }}', '%!s(float64=1) %!d(float64=1) x%!(EXTRA int=1)'],
	['{{ range $k, $v := .m }}{{ $k }}={{ $v }};{{ end }}', 'k=2;x=y;'],
	['{{ dict "a" 1 "b" (list 1 2) | toJson }}', '{"a":1,"b":[1,2]}'],
	['{{ eq .n 1 }}', 'template: t:1:3: executing "t" at <eq .n 1>: error calling eq: incompatible types for comparison'],
	['{{ semverCompare ">=1.20-0" "v1.24.0" }} {{ semverCompare "~1.2.3" "1.3.0" }}', 'true false'],
	['{{ regexReplaceAll "a(x*)b" "-ab-axxb-" "$1 W" }}', '- W-xx W-'],
	[
		'{{ mergeOverwrite (dict "a" 1) (dict "a" 2 "b" 3) }} {{ merge (dict "a" 1) (dict "a" 2) }}',
		'map[a:2 b:3] map[a:1]',
	],
	['{{ upper .n }}', 'template: t:1:9: executing "t" at <.n>: wrong type for value; expected string; got float64'],
	['{{ .missing | upper }}', 'template: t:1:14: executing "t" at <upper>: invalid value; expected string'],
	['{{ nindent "x" "y" }}', 'template: t:1:11: executing "t" at <"x">: expected integer; found "x"'],
	['{{ trunc 3 }}', 'template: t:1:3: executing "t" at <trunc>: wrong number of args for trunc: want 2 got 1'],
	['{{ index .l 9 }}', 'template: t:1:3: executing "t" at <index .l 9>: error calling index: index out of range: 9'],
	['{{ $undefined }}', 'template: t:1: undefined variable "$undefined"'],
	['{{ foo }}', 'template: t:1: function "foo" not defined'],
])('%s', (template, result) => {
	expect(rendered(template)).toBe(result);
});

test('a chart of one’s own is made, checked, installed, tested, changed, packed and taken away', async () => {
	const t = await terminal('kind-basic');
	expect(await t.run('helm create shop')).toBe('Creating shop\n');
	expect(await t.run('helm lint shop')).toBe(
		'==> Linting shop\n[INFO] Chart.yaml: icon is recommended\n\n1 chart(s) linted, 0 chart(s) failed\n',
	);
	expect(await t.run('helm template shop --set replicaCount=3 -s templates/deployment.yaml')).toMatch(
		/^---\n# Source: shop\/templates\/deployment.yaml\napiVersion: apps\/v1\nkind: Deployment\nmetadata:\n {2}name: release-name-shop\n[\s\S]*\n {2}replicas: 3\n/,
	);
	expect(await t.run('helm install front ./shop --wait')).toMatch(
		/^NAME: front\n[\s\S]*\nSTATUS: deployed\nREVISION: 1\nNOTES:\n/,
	);
	expect(await t.run('kubectl get deploy front-shop -o jsonpath={.status.readyReplicas}')).toBe('1');
	expect(await t.run('helm test front')).toMatch(
		/\nTEST SUITE: {5}front-shop-test-connection\n[\s\S]*\nPhase: {10}Succeeded\n/,
	);
	await t.run('helm upgrade front shop --set replicaCount=2 --wait');
	expect(await t.run('kubectl get deploy front-shop -o jsonpath={.status.readyReplicas}')).toBe('2');
	expect(await t.run('helm get values front')).toBe('USER-SUPPLIED VALUES:\nreplicaCount: 2\n');
	expect(await t.run('helm rollback front 1')).toBe('Rollback was a success! Happy Helming!\n');
	expect(await t.run('helm package shop')).toMatch(/saved it to: \/home\/learner\/shop-0\.1\.0\.tgz\n$/);
	expect(await t.run('helm show chart shop-0.1.0.tgz')).toContain('\nname: shop\n');
	expect(await t.run('helm uninstall front')).toBe('release "front" uninstalled\n');
});

test('hooks run before what they belong to, lookups see the cluster, and required values stop an install', async () => {
	const t = await terminal('kind-basic');
	await t.run('helm create shop');
	await t.file(
		'shop/templates/job.yaml',
		'apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: first\n  annotations: {helm.sh/hook: pre-install}\nspec:\n  template:\n    spec:\n      restartPolicy: Never\n      containers:\n      - {name: a, image: busybox, command: [sleep, "3"]}\n',
	);
	await t.file(
		'shop/templates/cm.yaml',
		'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: seen\ndata:\n  ip: {{ (lookup "v1" "Service" "default" "kubernetes").spec.clusterIP }}\n  must: {{ required "say what" .Values.what }}\n',
	);
	expect(await t.run('helm install x shop')).toBe(
		'Error: INSTALLATION FAILED: execution error at (shop/templates/cm.yaml:7:11): say what\n',
	);
	await t.run('helm install x shop --set what=ever');
	expect(await t.run('kubectl get cm seen -o jsonpath={.data}')).toBe('{"ip":"10.96.0.1","must":"ever"}');
	expect(await t.run('kubectl get job first -o jsonpath={.status.succeeded}')).toBe('1');
	expect(await t.run('helm get hooks x')).toContain('# Source: shop/templates/job.yaml');
});

test('a chart of one’s own is checked by the server’s schema, and an upgrade waits for pods of the new template', async () => {
	const t = await terminal('kind-basic');
	await t.run('helm create shop; sed -i s/imagePullPolicy:/imagePullPolicee:/ shop/templates/deployment.yaml');
	expect(await t.run('helm install a shop')).toBe(
		'Error: INSTALLATION FAILED: unable to build kubernetes objects from release manifest: error validating "": error validating data: ValidationError(Deployment.spec.template.spec.containers[0]): unknown field "imagePullPolicee" in io.k8s.api.core.v1.Container\n',
	);
	await t.run(
		'sed -i s/imagePullPolicee:/imagePullPolicy:/ shop/templates/deployment.yaml; helm install a shop --wait',
	);
	await t.file('shop/templates/cm.yaml', 'apiVersion: v9\nkind: ConfigMap\nmetadata: {name: x}\n');
	expect(await t.run('helm upgrade a shop')).toBe(
		'Error: UPGRADE FAILED: unable to build kubernetes objects from new release manifest: resource mapping not found for name: "x" namespace: "" from "": no matches for kind "ConfigMap" in version "v9"\nensure CRDs are installed first\n',
	);
	await t.run('rm shop/templates/cm.yaml');
	expect(await t.run('helm upgrade a shop --set image.tag=nope --wait --timeout 20s')).toBe(
		'Error: UPGRADE FAILED: timed out waiting for the condition\n',
	);
	await t.run('helm upgrade a shop --set image.tag=1.25 --wait');
	const history = JSON.parse(await t.run('helm history a -o json')) as readonly { readonly status: string }[];
	expect(history.map(({ status }) => status)).toEqual(['superseded', 'failed', 'deployed']);
});

/** Each argument is read into what those before it made: helm pkg/cli/values/options.go, pkg/strvals @ v3.9.4. */
test('several --set into the same item of a list add to it', async () => {
	const t = await terminal('kind-basic');
	await t.run(
		'helm create z; printf "tolerations:\\n- key: filed\\n  effect: NoSchedule\\n" > v.yaml; echo told > note',
	);
	const values = (flags: string) =>
		t.run(`helm template z ${flags} -s templates/deployment.yaml | sed -n '/tolerations/,$p'`);
	expect(await values("--set 'tolerations[0].key=a' --set 'tolerations[0].operator=Exists'")).toBe(
		'      tolerations:\n        - key: a\n          operator: Exists\n',
	);
	expect(
		await values(
			"-f v.yaml --set 'tolerations[0].tolerationSeconds=5' --set-string 'tolerations[0].value=1' --set-file 'tolerations[0].key=note'",
		),
	).toBe(
		'      tolerations:\n        - effect: NoSchedule\n          key: |\n            told\n          tolerationSeconds: 5\n          value: "1"\n',
	);
	expect(await values("-f v.yaml --set 'tolerations.key=a'")).toBe(
		'Error: failed parsing --set data: unable to parse key: interface conversion: interface {} is []interface {}, not map[string]interface {}\n',
	);
});

/** helm pkg/downloader/manager.go downloadAll() @ v3.9.4. */
test('of a dependency without a repository helm says where it takes it to be', async () => {
	const t = await terminal('kind-basic');
	await t.run('helm create up; cd up/charts; helm create under; cd ../..');
	await t.run('printf "dependencies:\\n- {name: under, version: 0.1.0}\\n" >> up/Chart.yaml');
	expect(await t.run('helm dependency update up')).toBe(
		'Saving 1 charts\nDependency under did not declare a repository. Assuming it exists in the charts directory\nDeleting outdated charts\n',
	);
});

/** What text/template with sprig 3.2.3 and the functions of helm's pkg/engine/funcs.go makes of these. */
test('YAML and JSON out of texts are read as Go reads them, and a time prints as one', async () => {
	const t = await terminal('empty');
	await t.run('helm create shop; rm -r shop/templates/*');
	await t.file(
		'shop/templates/x.yaml',
		`text: |
  yes: {{ fromYaml "a: yes\\nb: 010" }}
  list: {{ fromYamlArray "- a\\n- 1" }}
  no: {{ (fromYaml "- a").Error }}
  json: {{ fromJson "[1" }} {{ (fromJson "[1]").Error }}
  then: {{ dateModify "-1h" now | toString | regexFind "^[-0-9]+ [0-9:.]+ .0000 UTC$" | empty }}
`,
	);
	expect(await t.run('helm template x shop')).toBe(`---
# Source: shop/templates/x.yaml
text: |
  yes: map[a:true b:8]
  list: [a 1]
  no: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go value of type map[string]interface {}
  json: map[Error:unexpected end of JSON input] json: cannot unmarshal array into Go value of type map[string]interface {}
  then: false
`);
});

/** helm cmd/helm/status.go statusPrinter @ v3.9.4. */
test('--debug shows values, hooks and manifest of what is installed', async () => {
	const t = await terminal('kind-basic');
	await t.run('helm create shop; rm -r shop/templates/*; echo "a: 1" > shop/values.yaml');
	await t.file('shop/templates/cm.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n');
	const shown = `TEST SUITE: None
USER-SUPPLIED VALUES:
b: 2

COMPUTED VALUES:
a: 1
b: 2

HOOKS:
MANIFEST:
---
# Source: shop/templates/cm.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: x}

`;
	expect(await t.run('helm install x shop --set b=2 --debug --dry-run 2>/dev/null | tail -n +6')).toBe(shown);
	expect(await t.run('helm install x shop --set b=2 --debug 2>/dev/null | tail -n +6')).toBe(shown);
	expect(await t.run('helm upgrade x shop --set b=2 --debug 2>/dev/null | tail -n +7')).toBe(shown);
	await t.run('helm uninstall x');
	expect(await t.run('helm install y ./shop --debug --dry-run >/dev/null')).toBe(
		'install.go:178: [debug] Original chart version: ""\ninstall.go:195: [debug] CHART PATH: /home/learner/shop\n\n',
	);
});

/** helm cmd/helm/template.go @ v3.9.4. */
test('helm template --debug shows what is no YAML', async () => {
	const t = await terminal('empty');
	await t.run('helm create shop; rm -r shop/templates/*');
	await t.file('shop/templates/cm.yaml', 'a: 1\n b: 2\n');
	expect(await t.run('helm template x shop --debug')).toBe(
		'---\n# Source: shop/templates/cm.yaml\na: 1\n b: 2\nError: YAML parse error on shop/templates/cm.yaml: error converting YAML to JSON: yaml: line 2: mapping values are not allowed in this context\n',
	);
});

test('what a chart asks for is refused by the server, also where nobody has called kubectl before', async () => {
	const t = await terminal();
	expect(await t.run('helm create mine > /dev/null; helm install bad mine --set service.type=Foo')).toBe(
		'Error: INSTALLATION FAILED: Service "bad-mine" is invalid: spec.type: Unsupported value: "Foo": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"\n',
	);
	expect(await t.run('kubectl get service bad-mine')).toBe(
		'Error from server (NotFound): services "bad-mine" not found\n',
	);
});
