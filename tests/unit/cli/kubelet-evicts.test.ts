/** What kubelets say of images they cannot name or get, and of pods that fill their node's disk. */
import { expect, it } from 'vitest';
import { terminal } from './terminal.ts';

const events = (pod: string): string =>
	`kubectl get events --field-selector involvedObject.name=${pod} -o jsonpath='{range .items[*]}{.reason} {.message}{"\\n"}{end}'`;

it('ends pods that fill more of the disk than they may, ten seconds later at most', async () => {
	const { run, file } = await terminal();
	const pod = (name: string, command: string, more: string, limits: string): string =>
		`apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}}\nspec:\n  ${more}\n  containers:\n  - {name: c, image: busybox, command: [sh, -c, "${command}; sleep 999"]${limits}}\n`;
	const fill = (path: string): string => `sleep 5; dd if=/dev/zero of=${path} bs=1M count=3`;
	await file(
		'pods.yaml',
		[
			pod(
				'dir',
				fill('/v/x'),
				'volumes: [{name: v, emptyDir: {sizeLimit: 2Mi}}]',
				', volumeMounts: [{name: v, mountPath: /v}]',
			),
			pod('layer', fill('/tmp/x'), 'volumes: []', ', resources: {limits: {ephemeral-storage: 2Mi}}'),
			pod('small', fill('/tmp/x'), 'volumes: []', ', resources: {limits: {ephemeral-storage: 4Mi}}'),
		].join('---\n'),
	);
	await run('kubectl apply -f pods.yaml\nsleep 25');
	const told =
		'kubectl get pods dir layer small -o jsonpath=\'{range .items[*]}{.status.phase}|{.status.reason}|{.status.message}{"\\n"}{end}\'';
	expect((await run(told)).split('\n').slice(0, 3)).toEqual([
		'Failed|Evicted|Usage of EmptyDir volume "v" exceeds the limit "2Mi". ',
		'Failed|Evicted|Pod ephemeral local storage usage exceeds the total limit of containers 2Mi. ',
		'Running||',
	]);
	expect(await run(events('dir'))).toMatch(
		/Evicted Usage of EmptyDir volume "v" exceeds the limit "2Mi"\. \nKilling Stopping container c\n$/,
	);
	expect(await run("kubectl get pod dir -o jsonpath='{.status.containerStatuses[0].state.terminated.exitCode}'")).toBe(
		'137',
	);
});

it('knows what is no name of an image, and looks at what it cannot pull every ten to fifteen seconds', async () => {
	const { run } = await terminal();
	await run(
		'kubectl create deploy wrong --image=nginx\nkubectl set image deploy/wrong nginx=Library/NGINX:1\nkubectl run gone --image=nginx:no-such-tag\nsleep 70',
	);
	expect(await run('kubectl get pods -l app=wrong')).toContain('InvalidImageName');
	expect(await run('kubectl get events')).toContain(
		`Failed to apply default image tag "Library/NGINX:1": couldn't parse image reference "Library/NGINX:1": invalid reference format: repository name must be lowercase`,
	);
	const counts = await run(
		'kubectl get events --field-selector involvedObject.name=gone -o jsonpath=\'{range .items[*]}{.reason} {.count}{"\\n"}{end}\'',
	);
	const times = (reason: string): number => Number(new RegExp(`^${reason} (\\d+)$`, 'm').exec(counts)?.[1]);
	// Pauses of 10, 20 and 40 seconds between pulls, each told of again and again.
	expect(times('Pulling')).toBe(3);
	expect(times('BackOff')).toBeGreaterThanOrEqual(4);
});
