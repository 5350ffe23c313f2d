/**
 * `kubectl create deployment`, `job` and `cronjob`.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/create/create_{deployment,job,cronjob}.go @ v0.24.0.
 */
import type { Command, Flag } from '../../../cobra/index.ts';
import { fail, type Kube } from '../../kube.ts';
import { at, isMap, sub } from '../../print/index.ts';
import { kubectlMinor } from '../../releases.ts';
import { fetch, targetsOf } from '../../targets.ts';
import { suffix } from '../names.ts';
import { kindCommand, type Made, metaOf } from './made.ts';

const IMAGE: Flag = { name: 'image', type: 'string', usage: 'Image name to run.' };

/** `nginx` of `docker.io/library/nginx:1.23`; made a name where it is none. */
function containerName(kube: Kube, image: string): string {
	const last = image.split('/').at(-1)!.split(':')[0]!.split('@')[0]!;
	return /[_.]/.test(last) ? `${last.replace(/[_.]/g, '-')}-${suffix(kube, 'container')}` : last;
}

const container = (name: string, image: string, command: readonly string[], more: Made = {}): Made => ({
	name,
	image,
	...(command.length > 0 ? { command } : {}),
	...more,
	resources: {},
});

export const deployment: Command = kindCommand({
	name: 'deployment',
	aliases: ['deploy'],
	use: 'NAME --image=image -- [COMMAND] [args...]',
	short: 'Create a deployment with the specified name',
	example: `  # Create a deployment named my-dep that runs the busybox image
  kubectl create deployment my-dep --image=busybox

  # Create a deployment named my-dep that runs the nginx image with 3 replicas
  kubectl create deployment my-dep --image=nginx --replicas=3`,
	flags: [
		{ name: 'image', type: 'strings', usage: 'Image names to run.' },
		{ name: 'port', type: 'int', default: '-1', usage: 'The port that this container exposes.' },
		{
			name: 'replicas',
			short: 'r',
			type: 'int',
			default: '1',
			usage: 'Number of replicas to create. Default is 1.',
		},
	],
	required: ['image'],
	failed: 'failed to create deployment: ',
	make(kube, name, command) {
		const { flags } = kube.run;
		const images = flags.list('image');
		if (images.length > 1 && command.length > 0) fail('cannot specify multiple --image options and command');
		const port = flags.number('port');
		const containers = images.map((image, i) =>
			container(
				containerName(kube, image),
				image,
				command,
				i === 0 && port >= 0 ? { ports: [{ containerPort: port }] } : {},
			),
		);
		const labels = { app: name };
		return {
			kind: 'Deployment',
			apiVersion: 'apps/v1',
			metadata: metaOf(kube, name, { labels }),
			spec: {
				replicas: flags.number('replicas'),
				selector: { matchLabels: labels },
				template: { metadata: { creationTimestamp: null, labels }, spec: { containers } },
				strategy: {},
			},
			status: {},
		};
	},
});

export const job: Command = kindCommand({
	name: 'job',
	use: 'NAME --image=image [--from=cronjob/name] -- [COMMAND] [args...]',
	short: 'Create a job with the specified name',
	flags: [
		IMAGE,
		{
			name: 'from',
			type: 'string',
			usage: 'The name of the resource to create a Job from (only cronjob is supported).',
		},
	],
	failed: 'failed to create job: ',
	make(kube, name, command) {
		const { flags } = kube.run;
		const image = flags.text('image');
		const from = flags.text('from');
		if ((image === '') === (from === '')) fail('either --image or --from must be specified');
		if (from && command.length > 0) fail('cannot specify --from and command');
		if (from) return jobFrom(kube, name, from);
		return {
			kind: 'Job',
			apiVersion: 'batch/v1',
			metadata: metaOf(kube, name),
			spec: {
				template: {
					metadata: { creationTimestamp: null },
					spec: { containers: [container(name, image, command)], restartPolicy: 'Never' },
				},
			},
			status: {},
		};
	},
});

function jobFrom(kube: Kube, name: string, from: string): Made {
	const { list } = targetsOf(kube, [from], 'create');
	if (list.length !== 1 || list[0]!.name === undefined) return fail('from must be an existing cronjob');
	const { resource } = list[0]!;
	const object = fetch(kube, list[0]!)[0]!;
	if (resource.kind !== 'CronJob') return fail(`unknown object type *${resource.version}.${resource.kind}`);
	const template = sub(object, 'spec', 'jobTemplate');
	const annotations = at(template, 'metadata', 'annotations');
	const labels = at(template, 'metadata', 'labels');
	return {
		kind: 'Job',
		apiVersion: 'batch/v1',
		metadata: metaOf(kube, name, {
			...(isMap(labels) ? { labels } : {}),
			annotations: { 'cronjob.kubernetes.io/instantiate': 'manual', ...(isMap(annotations) ? annotations : {}) },
			ownerReferences: [
				{
					apiVersion: 'batch/v1',
					// The CronJob is its controller from 1.28.
					...(kubectlMinor(kube.run.call.lab) >= 28 ? { controller: true } : {}),
					kind: 'CronJob',
					name: object.metadata.name,
					uid: object.metadata.uid,
				},
			],
		}),
		spec: sub(template, 'spec'),
		status: {},
	};
}

export const cronJob: Command = kindCommand({
	name: 'cronjob',
	aliases: ['cj'],
	use: "NAME --image=image --schedule='0/5 * * * ?' -- [COMMAND] [args...]",
	short: 'Create a cron job with the specified name',
	flags: [
		IMAGE,
		{ name: 'schedule', type: 'string', usage: 'A schedule in the Cron format the job should be run with.' },
		{
			name: 'restart',
			type: 'string',
			usage: "job's restart policy. supported values: OnFailure, Never",
		},
	],
	required: ['image', 'schedule'],
	failed: 'failed to create cronjob: ',
	make(kube, name, command) {
		const { flags } = kube.run;
		return {
			kind: 'CronJob',
			apiVersion: 'batch/v1',
			metadata: metaOf(kube, name),
			spec: {
				schedule: flags.text('schedule'),
				jobTemplate: {
					metadata: { name, creationTimestamp: null },
					spec: {
						template: {
							metadata: { creationTimestamp: null },
							spec: {
								containers: [container(name, flags.text('image'), command)],
								restartPolicy: flags.text('restart') || 'OnFailure',
							},
						},
					},
				},
			},
			status: {},
		};
	},
});
