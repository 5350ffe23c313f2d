/** What is random in life is another when it is made again under the same name, and the same in another run. */
import { expect, test } from 'vitest';
import { terminal } from './terminal.ts';

const HOUR = 3600e6;

/** What a line prints each time, in two runs. */
const twice = async (before: string, line: string, after: string): Promise<readonly string[]> => {
	const run = async (): Promise<readonly string[]> => {
		const t = await terminal('kind-basic', { patience: 3 * HOUR });
		const out: string[] = [];
		for (let i = 0; i < 2; i++) {
			await t.run(before);
			out.push(await t.run(line));
			await t.run(after);
		}
		return out;
	};
	const first = await run();
	expect(await run()).toEqual(first);
	return first;
};

const MADE: readonly (readonly [what: string, before: string, line: string, after: string])[] = [
	[
		'the address of a service',
		'kubectl create service nodeport a --tcp=80',
		'kubectl get svc a -o jsonpath="{.spec.clusterIP} {.spec.ports[0].nodePort}"',
		'kubectl delete svc a',
	],
	[
		'the address of a pod',
		'kubectl run a --image=nginx; kubectl wait pod a --for=condition=Ready',
		'kubectl get pod a -o jsonpath="{.status.podIP} {.metadata.uid} {.status.containerStatuses[0].containerID}"',
		'kubectl delete pod a --now',
	],
	[
		'the number of a network',
		'docker network create a',
		'docker network inspect a -f "{{.Id}}"',
		'docker network rm a',
	],
	[
		'an identity that the operator took away',
		'kubectl run a --image=nginx --labels=x=y; kubectl wait pod a --for=condition=Ready; sleep 10',
		'kubectl get cep a -o jsonpath={.status.identity.id}',
		'kubectl delete pod a --now; sleep 5000',
	],
];

test.each(MADE)('%s', async (_what, before, line, after) => {
	const [first = '', second = ''] = await twice(before, line, after);
	expect(first).not.toBe('');
	const words = first.split(' ');
	for (const [i, word] of second.split(' ').entries()) expect(word).not.toBe(words[i]);
});
