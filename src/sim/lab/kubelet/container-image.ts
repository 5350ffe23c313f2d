/**
 * A container's image: whether it is there, is pulled, or cannot be, and when that is tried again.
 *
 * Source: kubernetes pkg/kubelet/images/image_manager.go EnsureImageExists() @ v1.24.0.
 */
import { parseImage } from '../machine/image-names.ts';
import { minorOf } from '../machine/node-images.ts';
import { SECOND } from '../time.ts';
import { type ContainerRecord, CRASH_MOST, wait } from './container.ts';
import type { PodEnv } from './pod-env.ts';
import { missingPullSecrets } from './pod-needs.ts';

/** Whose turn it is: containers of a pod start one after the other. */
interface Turn {
	begin(record: ContainerRecord): void;
	letNext(record: ContainerRecord): void;
	/** Nothing happens to it for a while, then the worker looks at it again. */
	rest(record: ContainerRecord, from: number, to: number, purpose: string): void;
	/** Its image is there. */
	create(record: ContainerRecord): void;
}

/** What gets a container's image, and has the container created then. */
export function createImageStep(env: PodEnv, turn: Turn): (record: ContainerRecord) => void {
	const { cluster, machine, puller, event, report } = env;
	const { timeline } = cluster;
	const minor = minorOf(cluster.api.version);

	const cannotPull = (record: ContainerRecord, reason: string, message: string, state = reason): void => {
		event('Warning', reason, message, record);
		event('Warning', 'Failed', `Error: ${state}`, record);
		wait(record, state, message);
		turn.rest(record, 10 * SECOND, 14 * SECOND, 'never pull');
	};

	return (record: ContainerRecord): void => {
		const { image } = record.spec;
		if (!parseImage(image)) {
			const why = nameFault(image, minor);
			const message = `Failed to apply default image tag ${JSON.stringify(image)}: couldn't parse image reference ${JSON.stringify(image)}: ${why}`;
			cannotPull(record, 'InspectFailed', message, 'InvalidImageName');
			return;
		}
		const policy = record.spec.imagePullPolicy ?? (/:latest$|^[^:@]+$/.test(image) ? 'Always' : 'IfNotPresent');
		const here = machine.images.has(image);
		if (here && policy !== 'Always') {
			event('Normal', 'Pulled', `Container image "${image}" already present on machine`, record);
			turn.create(record);
			return;
		}
		if (policy === 'Never') {
			cannotPull(record, 'ErrImageNeverPull', `Container image "${image}" is not present with pull policy of Never`);
			return;
		}
		if (record.pull && timeline.now < record.pull.until) {
			event('Normal', 'BackOff', `Back-off pulling image "${image}"`, record);
			event('Warning', 'Failed', 'Error: ImagePullBackOff', record);
			const before = minor >= 32 ? `: ErrImagePull: ${record.pull.error}` : '';
			wait(record, 'ImagePullBackOff', `Back-off pulling image "${image}"${before}`);
			// Looked at and said again like every pod whose sync failed.
			turn.rest(record, 10 * SECOND, 15 * SECOND, 'pull back-off');
			return;
		}
		const secrets = minor >= 25 ? missingPullSecrets(cluster, env.pod()) : [];
		if (secrets.length > 0)
			event(
				'Warning',
				'FailedToRetrieveImagePullSecret',
				`Unable to retrieve some image pull secrets (${secrets.join(', ')}); attempting to pull the image may not succeed.`,
			);
		event('Normal', 'Pulling', `Pulling image "${image}"`, record);
		record.busy = true;
		turn.begin(record);
		puller.pull(image, ({ error, message, note }) => {
			if (env.over()) return;
			record.busy = false;
			if (error === undefined) {
				record.pull = undefined;
				event('Normal', 'Pulled', message, record);
				turn.create(record);
				return;
			}
			event('Warning', 'Failed', `Failed to pull image "${image}": ${error}`, record);
			event('Warning', 'Failed', 'Error: ErrImagePull', record);
			if (note && !record.pull) event('Normal', 'NotInLab', note, record);
			const delay = Math.min((record.pull?.delay ?? 5 * SECOND) * 2, CRASH_MOST);
			record.pull = { delay, until: timeline.now + delay, error };
			wait(record, 'ErrImagePull', error);
			record.busy = true;
			turn.letNext(record);
			report();
			turn.rest(record, SECOND, 4 * SECOND, 'pull retry');
		});
	};
}

/** What is wrong with a name of an image (distribution/reference ParseNormalizedNamed(), which names it from 1.29). */
const nameFault = (image: string, minor: number): string => {
	const slash = image.indexOf('/');
	const first = image.slice(0, Math.max(0, slash));
	const domain = /[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase();
	const rest = domain ? image.slice(slash + 1) : image.includes('/') ? image : `library/${image}`;
	const path = rest.replace(/[:@].*$/s, '');
	if (path === path.toLowerCase()) return 'invalid reference format';
	return `invalid reference format: repository name ${minor >= 29 ? `(${path}) ` : ''}must be lowercase`;
};
