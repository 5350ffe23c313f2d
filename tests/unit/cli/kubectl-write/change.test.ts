import { beforeEach, describe, expect, it } from 'vitest';
import { type Bench, bench, deployment } from './bench.ts';

let b: Bench;
beforeEach(() => {
	b = bench();
	b.api.create(deployment('web'));
	b.api.create({
		apiVersion: 'v1',
		kind: 'Service',
		metadata: { name: 'web' },
		spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
	});
});
const spec = (kind: string, name: string) => b.get(kind, name)?.spec as never as Record<string, unknown>;
const labels = (kind: string, name: string) =>
	(b.get(kind, name)!.metadata as { labels?: Record<string, string> }).labels;

describe('kubectl delete', () => {
	it('names what it deleted with its group', async () => {
		expect(await b.screen('kubectl delete deploy/web svc/web')).toBe(
			'deployment.apps "web" deleted\nservice "web" deleted\n',
		);
	});

	it('goes on after what is not there, unless it may be absent', async () => {
		const { out, err, code } = await b.run('kubectl delete deploy none web');
		expect(out).toBe('deployment.apps "web" deleted\n');
		expect(err).toBe('Error from server (NotFound): deployments.apps "none" not found\n');
		expect(code).toBe(1);
		expect(await b.run('kubectl delete deploy none --ignore-not-found')).toMatchObject({ err: '', code: 0 });
		expect(await b.screen('kubectl delete pods --all')).toBe('No resources found\n');
	});

	it('does not ask for what a client’s dry run would delete', async () => {
		const { out, err, code } = await b.run('kubectl delete deploy none web --dry-run=client');
		expect(out).toBe('deployment.apps "none" deleted (dry run)\ndeployment.apps "web" deleted (dry run)\n');
		expect({ err, code }).toEqual({ err: '', code: 0 });
		expect(await b.screen('kubectl delete deploy none --dry-run=server')).toContain('not found');
	});

	it('wants to know which of a kind', async () => {
		expect(await b.screen('kubectl delete pods')).toBe('error: resource(s) were provided, but no name was specified\n');
		expect(await b.screen('kubectl delete deploy web --all')).toBe(
			'error: name cannot be provided when a selector is specified\n',
		);
		expect(await b.screen('kubectl delete')).toContain(
			'error: You must provide one or more resources by argument or filename.\n',
		);
		expect(await b.screen('kubectl delete whales x')).toBe(
			'error: the server doesn\'t have a resource type "whales"\n',
		);
	});

	it('warns of force, and of objects outside of the namespace asked for', async () => {
		const { out, err } = await b.run('kubectl delete svc web --force');
		expect(err).toContain('warning: Immediate deletion does not wait for confirmation');
		expect(out).toBe('service "web" force deleted\n');
		await b.run('kubectl create ns demo');
		expect((await b.run('kubectl delete ns demo -n default --wait=false')).err).toBe(
			'warning: deleting cluster-scoped resources, not scoped to the provided namespace\n',
		);
		expect((await b.run('kubectl delete svc web --now --grace-period=3')).err).toBe(
			'error: --now and --grace-period cannot be specified together\n',
		);
	});

	it('keeps everything in a dry run', async () => {
		expect(await b.screen('kubectl delete deploy web --dry-run=server')).toBe(
			'deployment.apps "web" deleted (server dry run)\n',
		);
		expect(b.get('deploy', 'web')).toBeDefined();
	});
});

describe('kubectl label and annotate', () => {
	it('sets, keeps, overwrites and takes away', async () => {
		expect(await b.screen('kubectl label node worker egress=true')).toBe('node/worker labeled\n');
		expect(await b.screen('kubectl label node worker egress=true --overwrite')).toBe('node/worker not labeled\n');
		expect(await b.screen('kubectl label node worker egress=no')).toBe(
			"error: 'egress' already has a value (true), and --overwrite is false\n",
		);
		expect(await b.screen('kubectl label node worker egress=no --overwrite')).toBe('node/worker labeled\n');
		expect(labels('node', 'worker')!.egress).toBe('no');
		expect(await b.screen('kubectl label node worker egress-')).toBe('node/worker unlabeled\n');
		expect(await b.screen('kubectl label node worker egress-')).toBe(
			'label "egress" not found.\nnode/worker not labeled\n',
		);
		expect(labels('node', 'worker')).not.toHaveProperty('egress');
	});

	it('labels all of a kind and lists labels', async () => {
		expect(await b.screen('kubectl label nodes --all zone=a')).toBe('node/worker labeled\nnode/worker2 labeled\n');
		expect(await b.screen('kubectl label node worker --list')).toBe('kubernetes.io/hostname=worker\nzone=a\n');
	});

	it('checks what it is given', async () => {
		expect(await b.screen('kubectl label node worker')).toBe('error: at least one label update is required\n');
		expect(await b.screen('kubectl label node worker a=b c')).toBe(
			'error: all resources must be specified before label changes: c\n',
		);
		expect(await b.screen('kubectl label node worker a=b=c')).toBe('error: invalid label spec: a=b=c\n');
		expect(await b.screen("kubectl label node worker 'a=b c'")).toContain(
			'error: invalid label value: "a=b c": a valid label must be',
		);
		expect(await b.screen('kubectl label a=b')).toBe(
			'error: one or more resources must be specified as <resource> <name> or <resource>/<name>\n',
		);
	});

	it('annotates with values that hold anything', async () => {
		expect(await b.screen("kubectl annotate svc web note='a=b, c'")).toBe('service/web annotated\n');
		expect((b.get('svc', 'web')!.metadata as { annotations: object }).annotations).toEqual({ note: 'a=b, c' });
		expect(await b.screen('kubectl annotate svc web note=x')).toBe(
			"error: --overwrite is false but found the following declared annotation(s): 'note' already has a value (a=b, c)\n",
		);
	});
});

describe('kubectl patch', () => {
	it('merges strategically, as JSON and by operations', async () => {
		expect(
			await b.screen(`kubectl patch svc web -p '{"spec":{"externalTrafficPolicy":"Local","type":"NodePort"}}'`),
		).toBe('service/web patched\n');
		expect(await b.screen(`kubectl patch svc web -p '{"spec":{"externalTrafficPolicy":"Local"}}'`)).toBe(
			'service/web patched (no change)\n',
		);
		await b.run(`kubectl patch deploy web --type=json -p '[{"op":"replace","path":"/spec/replicas","value":4}]'`);
		expect(spec('deploy', 'web').replicas).toBe(4);
		await b.run(`kubectl patch deploy web --subresource=scale --type=merge -p '{"spec":{"replicas":7}}'`);
		expect(spec('deploy', 'web').replicas).toBe(7);
		await b.run(`kubectl patch deploy web --subresource=scale -p '{"spec":{"replicas":6}}'`);
		expect(spec('deploy', 'web').replicas).toBe(6);
		await b.run('kubectl patch deploy web -p "spec: {replicas: 1}"');
		expect(spec('deploy', 'web').replicas).toBe(1);
		b.files.set('/home/learner/p.yaml', 'metadata:\n  labels: {from: file}\n');
		await b.run('kubectl patch deploy web --patch-file p.yaml');
		expect(labels('deploy', 'web')).toEqual({ from: 'file' });
	});

	it('words its refusals as upstream does', async () => {
		expect(await b.screen('kubectl patch svc web')).toBe(
			'error: must specify --patch or --patch-file containing the contents of the patch\n',
		);
		expect(await b.screen("kubectl patch svc web --type=odd -p '{}'")).toBe(
			'error: --type must be one of [json merge strategic], not "odd"\n',
		);
		expect(await b.screen("kubectl patch svc none -p '{}'")).toBe(
			'Error from server (NotFound): services "none" not found\n',
		);
		expect(await b.screen(`kubectl patch svc web -p '{"spec":{"type":"Odd"}}'`)).toContain(
			'The Service "web" is invalid: spec.type: Unsupported value: "Odd"',
		);
		// What begins like JSON goes to the server as it is (pkg/util/yaml ToJSON()).
		const BAD = "invalid character 'b' looking for beginning of object key string\n";
		expect(await b.screen("kubectl patch svc web -p '{bad'")).toBe(`Error from server (BadRequest): ${BAD}`);
		expect(await b.screen("kubectl patch svc web --type=merge -p '{bad'")).toBe(
			`Error from server (BadRequest): error decoding patch: ${BAD}`,
		);
		expect(await b.screen("kubectl patch svc web -p '{bad' --dry-run=client")).toBe('error: invalid JSON document\n');
		expect(await b.screen("kubectl patch svc web -p 'a: [b'")).toBe(
			`error: unable to parse "a: [b": yaml: did not find expected ',' or ']'\n`,
		);
	});
});

describe('kubectl scale, set, expose, autoscale', () => {
	it('scales under a condition', async () => {
		expect(await b.screen('kubectl scale deploy web --replicas=3')).toBe('deployment.apps/web scaled\n');
		expect(await b.screen('kubectl scale deploy web --replicas=4 --current-replicas=2')).toBe(
			'error: Expected replicas to be 2, was 3\n',
		);
		expect(await b.screen('kubectl scale deploy web')).toBe('error: required flag(s) "replicas" not set\n');
		expect(await b.screen('kubectl scale svc web --replicas=2')).toBe(
			'Error from server (NotFound): the server could not find the requested resource\n',
		);
		expect(spec('deploy', 'web').replicas).toBe(3);
	});

	it('changes images, variables and resources of pod templates', async () => {
		const container = () =>
			(spec('deploy', 'web').template as { spec: { containers: Record<string, unknown>[] } }).spec.containers[0]!;
		expect(await b.screen('kubectl set image deploy/web nginx=nginx:1.25')).toBe('deployment.apps/web image updated\n');
		expect(container().image).toBe('nginx:1.25');
		expect(await b.screen('kubectl set image deploy/web other=x')).toBe(
			'error: unable to find container named "other"\n',
		);
		expect(await b.screen('kubectl set env deploy/web A=1 B=2')).toBe('deployment.apps/web env updated\n');
		await b.run('kubectl set env deploy/web A-');
		expect(await b.screen('kubectl set env deploy/web --list')).toBe('# Deployment web, container nginx\nB=2\n');
		expect(await b.screen('kubectl set resources deploy web --limits=cpu=500m,memory=64Mi')).toBe(
			'deployment.apps/web resource requirements updated\n',
		);
		expect(container().resources).toEqual({ limits: { cpu: '500m', memory: '64Mi' } });
		expect(await b.screen('kubectl set image svc/web a=b')).toContain(
			'the object is not a pod or does not have a pod template',
		);
		expect(await b.screen('kubectl set selector svc web app=other')).toBe('service/web selector updated\n');
		expect(spec('svc', 'web').selector).toEqual({ app: 'other' });
		await b.run('kubectl set serviceaccount deploy web joe');
		expect((spec('deploy', 'web').template as { spec: object }).spec).toMatchObject({ serviceAccountName: 'joe' });
	});

	it('exposes by the selector and the port of what is exposed', async () => {
		expect(await b.screen('kubectl expose deploy web --name=out --type=NodePort --target-port=8080')).toBe(
			'service/out exposed\n',
		);
		expect(spec('svc', 'out')).toMatchObject({
			type: 'NodePort',
			selector: { app: 'web' },
			ports: [{ port: 80, targetPort: 8080, protocol: 'TCP' }],
		});
		expect(await b.screen('kubectl expose node worker --port=1')).toBe('error: cannot expose a Node\n');
		b.api.create(
			deployment('bare', {
				template: { metadata: { labels: { app: 'bare' } }, spec: { containers: [{ name: 'a', image: 'b' }] } },
			}),
		);
		expect(await b.screen('kubectl expose deploy bare')).toBe(
			"error: couldn't find port via --port flag or introspection\n",
		);
	});

	it('autoscales', async () => {
		expect(await b.screen('kubectl autoscale deploy web --min=2 --max=5 --cpu-percent=80')).toBe(
			'horizontalpodautoscaler.autoscaling/web autoscaled\n',
		);
		expect(await b.screen('kubectl autoscale deploy web --max=0')).toBe(
			'error: --max=MAXPODS is required and must be at least 1, max: 0\n',
		);
	});
});

describe('kubectl taint and cordon', () => {
	it('adds, replaces and takes away taints', async () => {
		expect(await b.screen('kubectl taint nodes worker key=value:NoSchedule')).toBe('node/worker tainted\n');
		expect(spec('node', 'worker').taints).toEqual([{ key: 'key', value: 'value', effect: 'NoSchedule' }]);
		expect(await b.screen('kubectl taint nodes worker key=other:NoSchedule')).toBe(
			'error: node worker already has key taint(s) with same effect(s) and --overwrite is false\n',
		);
		expect(await b.screen('kubectl taint nodes worker key=other:NoSchedule --overwrite')).toBe(
			'node/worker modified\n',
		);
		expect(await b.screen('kubectl taint nodes worker key:NoSchedule-')).toBe('node/worker untainted\n');
		expect(await b.screen('kubectl taint nodes worker key:NoSchedule-')).toBe(
			'error: taint "key:NoSchedule" not found\n',
		);
		expect(spec('node', 'worker').taints).toBeUndefined();
	});

	it('checks taints before it asks for a node', async () => {
		expect(await b.screen('kubectl taint nodes worker a=b:Never')).toBe(
			"error: invalid taint effect: Never, unsupported taint effect\nSee 'kubectl taint -h' for help and examples\n",
		);
		expect(await b.screen('kubectl taint pods a b=c:NoSchedule')).toBe(
			'error: invalid resource type pods, only node types are supported\n',
		);
		expect(await b.screen('kubectl taint nodes worker')).toBe('error: at least one taint update is required\n');
	});

	it('cordons and uncordons', async () => {
		expect(await b.screen('kubectl cordon worker')).toBe('node/worker cordoned\n');
		expect(await b.screen('kubectl cordon worker')).toBe('node/worker already cordoned\n');
		expect(spec('node', 'worker').unschedulable).toBe(true);
		expect(await b.screen('kubectl uncordon worker')).toBe('node/worker uncordoned\n');
		expect(spec('node', 'worker').unschedulable).toBeUndefined();
		expect(await b.screen('kubectl cordon none')).toBe('Error from server (NotFound): nodes "none" not found\n');
	});
});

describe('what kubectl says without a server', () => {
	it('is that the connection was refused', async () => {
		b.files.delete('/home/learner/.kube/config');
		for (const line of [
			'apply -f x',
			'delete pod a',
			'exec a -- b',
			'rollout status ds/a',
			'scale deploy a --replicas=1',
		])
			expect(await b.screen(`kubectl ${line}`)).toBe(
				'The connection to the server localhost:8080 was refused - did you specify the right host or port?\n',
			);
	});
});
