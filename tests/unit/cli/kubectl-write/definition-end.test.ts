/** How a definition of kinds ends: apiextensions-apiserver pkg/controller/finalizer/crd_finalizer.go @ v0.24.0. */
import { expect, test } from 'vitest';
import { terminal } from '../terminal.ts';

const DEFINITION = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: foos.ex.com}
spec:
  group: ex.com
  scope: Namespaced
  names: {plural: foos, singular: foo, kind: Foo}
  versions:
  - name: v1
    served: true
    storage: true
    schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
`;
const FOO = 'apiVersion: ex.com/v1\nkind: Foo\nmetadata:\n  name: ';

test('a definition waits for objects that somebody holds, and makes none meanwhile', async () => {
	const t = await terminal('kind-basic');
	await t.file('crd.yaml', DEFINITION);
	await t.file('held.yaml', `${FOO}held\n  finalizers: [ex.com/f]\n`);
	await t.file('free.yaml', `${FOO}free\n`);
	await t.run('kubectl apply -f crd.yaml && kubectl apply -f held.yaml -f free.yaml');
	expect(await t.run('kubectl delete crd foos.ex.com --timeout=10s; echo $?')).toBe(
		'customresourcedefinition.apiextensions.k8s.io "foos.ex.com" deleted\nerror: timed out waiting for the condition on customresourcedefinitions/foos.ex.com\n1\n',
	);
	expect(await t.run('kubectl get foo -o name')).toBe('foo.ex.com/held\n');
	expect(
		await t.run(
			'kubectl get crd foos.ex.com -o jsonpath=\'{.metadata.finalizers} {.status.conditions[?(@.type=="Terminating")].reason}\'',
		),
	).toBe('["customresourcecleanup.apiextensions.k8s.io"] InstanceDeletionInProgress');
	expect(await t.run('kubectl apply -f free.yaml')).toBe(
		'Error from server (MethodNotAllowed): error when creating "free.yaml": create not allowed while custom resource definition is terminating\n',
	);
	await t.run('kubectl patch foo held --type=merge -p \'{"metadata":{"finalizers":null}}\'; sleep 6');
	expect(await t.run('kubectl get crd foos.ex.com')).toContain('"foos.ex.com" not found');
	await t.run('kubectl apply -f crd.yaml && kubectl apply -f free.yaml');
	expect(await t.run('kubectl delete crd foos.ex.com --timeout=2s')).toMatch(/"foos.ex.com" deleted\n$/);
});
