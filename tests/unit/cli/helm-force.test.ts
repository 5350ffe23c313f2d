/** `--force` puts manifests in the place of what is there (helm pkg/kube/client.go updateResource() @ v3.9.4). */
import { beforeAll, expect, test } from 'vitest';
import { type Terminal, terminal } from './terminal.ts';

let t: Terminal;

beforeAll(async () => {
	t = await terminal('kind-basic', { patience: 3600e6 });
	await t.run('helm create c; rm -r c/templates/*; echo "{}" > c/values.yaml');
	await t.file(
		'c/templates/all.yaml',
		`apiVersion: v1
kind: ConfigMap
metadata: {name: cm}
data: {who: "{{ .Values.who }}"}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: {{ .Values.port | default 80 }}}]}
`,
	);
	await t.run('helm install a ./c');
}, 60_000);

const KEYS = 'kubectl get cm cm -o jsonpath={.data}';
const BY_HAND = `kubectl patch cm cm --type merge -p '{"data":{"mine":"x"}}'`;

test('what somebody added by hand stays with a patch and goes with a replacement', async () => {
	await t.run(BY_HAND);
	await t.run('helm upgrade a ./c --set who=you');
	expect(await t.run(KEYS)).toBe('{"mine":"x","who":"you"}');
	await t.run('helm upgrade a ./c --set who=us --force');
	expect(await t.run(KEYS)).toBe('{"who":"us"}');
	await t.run(BY_HAND);
	await t.run('helm rollback a 2 --force');
	expect(await t.run(KEYS)).toBe('{"who":"you"}');
});

test('a service keeps its address, which the manifest does not name', async () => {
	const ip = 'kubectl get svc web -o jsonpath={.spec.clusterIP}:{.spec.ports[0].port}';
	const [before] = (await t.run(ip)).split(':');
	await t.run('helm upgrade a ./c --set port=81 --force');
	expect(await t.run(ip)).toBe(`${before}:81`);
});

test('all that may not change is told, and what may is changed', async () => {
	await t.file(
		'c/templates/more.yaml',
		`apiVersion: v1
kind: ConfigMap
metadata: {name: fixed}
immutable: true
data: {n: "{{ .Values.n }}"}
---
apiVersion: v1
kind: Secret
metadata: {name: kind}
type: {{ .Values.type | default "a" }}
`,
	);
	await t.run('helm upgrade a ./c --set n=1');
	const fixed = 'ConfigMap "fixed" is invalid: data: Forbidden: field is immutable when `immutable` is set';
	const type = 'Secret "kind" is invalid: type: Invalid value: "b": field is immutable';
	expect(await t.run('helm upgrade a ./c --set n=2,type=b,who=me')).toBe(
		`Error: UPGRADE FAILED: cannot patch "kind" with kind Secret: ${type} && cannot patch "fixed" with kind ConfigMap: ${fixed}\n`,
	);
	expect(await t.run('helm upgrade a ./c --set n=2,type=b,who=him --force')).toBe(
		`Error: UPGRADE FAILED: failed to replace object: ${type} && failed to replace object: ${fixed}\n`,
	);
	expect(await t.run(KEYS)).toBe('{"who":"him"}');
});

test('what the server warns of is a line of the log', async () => {
	await t.run('helm create odd; rm -r odd/templates/*; echo "{}" > odd/values.yaml');
	await t.file(
		'odd/templates/pod.yaml',
		`apiVersion: v1
kind: Pod
metadata: {name: odd}
spec: {nodeSelector: {beta.kubernetes.io/os: linux}, containers: [{name: c, image: nginx}]}
`,
	);
	expect(await t.run('helm install odd ./odd')).toMatch(
		/^W\d{4} [\d:.]{15} +\d+ warnings\.go:70\] spec\.nodeSelector\[beta\.kubernetes\.io\/os\]: deprecated since v1\.14; use "kubernetes\.io\/os" instead\n/m,
	);
});
