import { describe, expect, it } from 'vitest';
import { bench, deployment } from './bench.ts';

/** A generator of numbers that are the same every time. */
function chance(seed: number): (bound: number) => number {
	let state = seed >>> 0;
	return (bound) => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return Math.floor((state / 4_294_967_296) * bound);
	};
}

const VERBS =
	'apply|apply view-last-applied|apply set-last-applied|attach|annotate|autoscale|certificate approve|certificate deny|cordon|cp|create|create clusterrole|create clusterrolebinding|create configmap|create cronjob|create deployment|create ingress|create job|create namespace|create pdb|create priorityclass|create quota|create role|create rolebinding|create secret generic|create secret tls|create secret docker-registry|create secret|create service clusterip|create service nodeport|create service externalname|create service loadbalancer|create serviceaccount|create token|debug|delete|diff|drain|edit|exec|expose|kustomize|label|node-shell|patch|replace|rollout|rollout history|rollout pause|rollout restart|rollout resume|rollout status|rollout undo|run|scale|set env|set image|set resources|set selector|set serviceaccount|set subject|apply edit-last-applied|apply --server-side|taint|uncordon|wait'.split(
		'|',
	);
const WORDS =
	'deploy|deploy/web|svc|svc/web|pods|pod/a|web|none|node|nodes|node/worker|worker|all|cm|cnp|crd|a=b|a-|a:NoSchedule|a=b:NoSchedule-|nginx=nginx:2|*=x|key|=|-|--|/|a/b/c|x:y|x:/tmp|f.yaml|echo|sh|ds/x|job/j|cronjob/c|hpa'.split(
		'|',
	);
const FLAGS =
	'-f f.yaml|-f -|-f none.yaml|-f dir|-l app=web|-l "a b"|--all|-A|-n default|-n none|-o yaml|-o json|-o name|-o jsonpath={.x}|-o odd|--dry-run|--dry-run=client|--dry-run=server|--dry-run=odd|--force|--grace-period=0|--now|--wait=false|--timeout=1s|--cascade=orphan|--cascade=odd|--overwrite|--list|--replicas=3|--replicas=-1|--current-replicas=1|--image=nginx|--image=::|--port=80|--port=x|--tcp=80:80|--tcp=x|--type=merge|--type=json|-p {}|-p []|-p {"spec":null}|-p {"metadata":{"labels":{"a":"b"}}}|-p [{"op":"remove","path":"/spec"}]|-it|-i|-c nginx|--to-revision=2|--revision=1|--max=3|--min=4|--hard=pods=1|--hard=x|--verb=get|--resource=pods|--from-literal=a=b|--from-file=f.yaml|--from-env-file=f.yaml|--rule=a/b=c:80|--schedule=x|--selector=a=b|--min-available=1|--for=delete|--for=condition=Ready|--for=jsonpath={.a}=1|--for=x|--ignore-daemonsets|--save-config|--validate=false|--restart=Never|--rm|--expose|--copy-to=z|--subresource=scale|--subresource=status|--limits=cpu=1|--env=A=b|--from=cm/c|--user=u|--role=r|--clusterrole=c|--value=1|--odd|--cert=f.yaml|--key=f.yaml|-k dir|--field-selector=metadata.name=web|--resource-version=1|--server-side|--prune|--create-annotation|--prefix=P_|-- sh|-- echo'.split(
		'|',
	);

describe('kubectl, whatever one types', () => {
	it('answers with words and a code, never with a failure of its own', async () => {
		const draw = chance(20_220_831);
		let b = bench();
		const codes = new Map<number, number>();
		for (let i = 0; i < 5000; i++) {
			if (i % 50 === 0) {
				b = bench('v1.24.0', i % 100 === 0);
				b.api.create(deployment('web'));
				b.api.create({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' }, spec: { ports: [{ port: 80 }] } });
				b.api.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' }, data: { k: 'v' } });
				b.api.create({
					apiVersion: 'v1',
					kind: 'Pod',
					metadata: { name: 'a' },
					spec: { containers: [{ name: 'nginx', image: 'nginx' }] },
				});
				b.files.set('/home/learner/f.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: b}\n');
				b.files.set('/home/learner/dir/x.yaml', 'a: [1\n');
			}
			const words: string[] = [VERBS[draw(VERBS.length)]!];
			const sane = draw(2) === 0;
			for (let n = sane ? 1 : draw(4); n > 0; n--) words.push(WORDS[draw(WORDS.length)]!);
			for (let n = sane ? draw(2) : draw(4); n > 0; n--) words.push(FLAGS[draw(FLAGS.length)]!);
			const line = `kubectl ${words.join(' ').replace(/\{"[^ ]*\}|\[[^ ]*\]/g, (json) => `'${json}'`)}`;
			const { code, out, err } = await b.run(line, draw(2) === 0 ? '' : 'kind: [');
			codes.set(code, (codes.get(code) ?? 0) + 1);
			expect(`${out}${err}`, line).not.toMatch(/undefined|\[object|NaN|TypeError/);
			if (code !== 0 && !/^kubectl diff /.test(line)) expect(err || /^Usage:/m.exec(out)?.[0], line).toBeTruthy();
		}
		// Both ends of it are in the mix.
		expect(codes.get(0)).toBeGreaterThan(80);
		expect(codes.get(1)).toBeGreaterThan(1000);
	}, 60_000);
});
