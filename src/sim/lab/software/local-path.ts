/**
 * local-path-provisioner: a directory of the node for each claim of its class, made and deleted by pods of its own.
 *
 * Source: rancher/local-path-provisioner provisioner.go @ v0.0.22; sigs.k8s.io/sig-storage-lib-external-provisioner
 * controller/controller.go @ v8.
 */
import type { ApiObject } from '../../api/index.ts';
import { localPathHelperOf } from '../bootstrap/images.ts';
import { all, one, type Pod, removeOne } from '../cluster/kinds.ts';
import { peoplesContainers } from '../containers/later.ts';
import {
	type Claim,
	claimOf,
	classOf,
	isBound,
	type PersistentVolume,
	SELECTED_NODE,
} from '../controllers/volumes/objects.ts';
import { MILLISECOND, SECOND } from '../time.ts';
import { klog, logrus } from './log.ts';
import type { Program, ProgramContext } from './program.ts';
import { podApiFault } from './reach.ts';

const PROVISIONER = 'rancher.io/local-path';
const NAMESPACE = 'local-path-storage';
/** Of kind's configuration. */
const ROOT = '/var/local-path-provisioner';

export const localPath: Program = {
	entrypoint: ['local-path-provisioner'],
	paths: ['local-path-provisioner', '/usr/bin/local-path-provisioner'],
	stops: [100 * MILLISECOND, 900 * MILLISECOND],
	start(context) {
		context.after(context.between(50 * MILLISECOND, SECOND, 'start'), () => {
			context.healthy();
			const paths = { node: 'DEFAULT_PATH_FOR_NON_LISTED_NODES', paths: [ROOT] };
			context.log(logrus(context, 'debug', `Applied config: ${JSON.stringify({ nodePathMap: [paths] })}`));
			context.log(logrus(context, 'debug', 'Provisioner started'));
			const who = `${PROVISIONER}_${context.pod.metadata.name}_${identity(context)}`;
			context.log(klog(context, 'I', 'controller.go:773', `Starting provisioner controller ${who}!`));
			context.log(klog(context, 'I', 'controller.go:822', `Started provisioner controller ${who}!`));
			provision(context);
		});
	},
};

/** The pod that makes or removes a directory. */
function helperPod(image: string, action: 'create' | 'delete', volume: string, node: string, path: string) {
	return {
		apiVersion: 'v1',
		kind: 'Pod',
		metadata: { name: `helper-pod-${action}-${volume}`, namespace: NAMESPACE },
		spec: {
			restartPolicy: 'Never',
			nodeName: node,
			tolerations: [{ operator: 'Exists' }],
			containers: [
				{
					name: 'helper-pod',
					image,
					command: ['/bin/sh', '-c', action === 'create' ? `mkdir -m 0777 -p ${path}` : `rm -rf ${path}`],
					imagePullPolicy: 'IfNotPresent',
				},
			],
		},
	};
}

/** controller.go: 15 s at first, twice as long each time, 1000 s at most, fifteen times. */
const RETRY_FIRST = 15 * SECOND;
const RETRY_MOST = 1000 * SECOND;
const RETRIES = 15;

/**
 * Why it makes no volume for a claim (provisioner.go Provision() @ v0.0.14, v0.0.22 to v0.0.26): ReadWriteOncePod is known
 * from v0.0.25 on, which kind's images of 2024 have.
 */
function refusal({ spec }: Claim, version: string): string | undefined {
	if (spec.selector) return 'claim.Spec.Selector is not supported';
	const late = /^v202[4-9]/.test(version);
	const fine = late ? ['ReadWriteOnce', 'ReadWriteOncePod'] : ['ReadWriteOnce'];
	if ((spec.accessModes ?? []).every((mode) => fine.includes(mode))) return undefined;
	return late
		? 'NodePath only supports ReadWriteOnce and ReadWriteOncePod (1.22+) access modes'
		: 'Only support ReadWriteOnce access mode';
}

function provision(context: ProgramContext): void {
	const { cluster, machine, pod } = context;
	const { api, record } = cluster;
	const source = { component: `${PROVISIONER}_${pod.metadata.name}_${identity(context)}` };
	const busy = new Set<string>();
	const image = localPathHelperOf(machine.image);
	const info = (text: string): void => context.log(logrus(context, 'info', text));
	const tell = (line: number, text: string): void => context.log(klog(context, 'I', `controller.go:${line}`, text));
	/** An event, and the line its recorder logs (client-go tools/record/event.go). */
	const event = (claim: Claim, reason: string, message: string, type: 'Normal' | 'Warning' = 'Normal'): void => {
		const { namespace = '', name, uid, resourceVersion } = claim.metadata as ApiObject['metadata'];
		const of = `v1.ObjectReference{Kind:"PersistentVolumeClaim", Namespace:"${namespace}", Name:"${name}", UID:"${uid}", APIVersion:"v1", ResourceVersion:"${resourceVersion}", FieldPath:""}`;
		context.log(klog(context, 'I', 'event.go:282', `Event(${of}): type: '${type}' reason: '${reason}' ${message}`));
		record.record(source, claim, type, reason, message);
	};

	/** Runs a helper to its end, and takes it away. */
	const help = (helper: ReturnType<typeof helperPod>, done: () => void): void => {
		const { name } = helper.metadata;
		if (!one(api, 'pods', NAMESPACE, name)) api.create(helper);
		const look = (): void => {
			const now = one<Pod>(api, 'pods', NAMESPACE, name);
			if (now?.status?.phase !== 'Succeeded') {
				context.after(SECOND, look);
				return;
			}
			removeOne(api, 'pods', NAMESPACE, name);
			done();
		};
		context.after(SECOND, look);
	};

	const make = (claim: Claim, node: string, failures = 0): void => {
		const { uid, namespace = '', name } = claim.metadata;
		const volume = `pvc-${uid}`;
		if (busy.has(uid) || one(api, 'persistentvolumes', undefined, volume)) return;
		busy.add(uid);
		const path = `${ROOT}/${volume}_${namespace}_${name}`;
		const storageClass = classOf(cluster, claim.spec.storageClassName);
		const what = `provision "${namespace}/${name}" class "${claim.spec.storageClassName ?? ''}":`;
		tell(1284, `${what} started`);
		if (claim.spec.volumeMode === 'Block') {
			// A final answer: nothing is tried again.
			const why = `${PROVISIONER} does not support block volume provisioning`;
			event(claim, 'ProvisioningFailed', why, 'Warning');
			context.log(klog(context, 'E', 'controller.go:1226', `${what} failed to provision volume: ${why}`));
			return;
		}
		event(claim, 'Provisioning', `External provisioner is provisioning volume for claim "${namespace}/${name}"`);
		const refused = refusal(claim, machine.image.localPath);
		if (refused !== undefined) {
			const words = `failed to provision volume with StorageClass "${claim.spec.storageClassName ?? ''}": ${refused}`;
			event(claim, 'ProvisioningFailed', words, 'Warning');
			const again = failures < RETRIES;
			const left = `because failures ${failures} ${again ? '<' : '>='} threshold ${RETRIES}`;
			context.log(
				again
					? klog(context, 'W', 'controller.go:893', `Retrying syncing claim "${uid}" ${left}`)
					: klog(context, 'E', 'controller.go:896', `Giving up syncing claim "${uid}" ${left}`),
			);
			context.log(klog(context, 'E', 'controller.go:913', `error syncing claim "${uid}": ${words}`));
			if (!again) return;
			context.after(Math.min(RETRY_MOST, RETRY_FIRST * 2 ** failures), () => {
				busy.delete(uid);
				const now = claimOf(cluster, namespace, name);
				if (now && now.metadata.uid === uid && !isBound(now)) make(now, node, failures + 1);
			});
			return;
		}
		info(`Creating volume ${volume} at ${node}:${path}`);
		info(`create the helper pod helper-pod-create-${volume} into ${NAMESPACE}`);
		help(helperPod(image, 'create', volume, node, path), () => {
			busy.delete(uid);
			info(`Volume ${volume} has been created on ${node}:${path}`);
			if (!claimOf(cluster, namespace, name)) return;
			tell(1392, `${what} volume "${volume}" provisioned`);
			tell(1409, `${what} succeeded`);
			context.log(klog(context, 'I', 'volume_store.go:212', `Trying to save persistentvolume "${volume}"`));
			api.create({
				apiVersion: 'v1',
				kind: 'PersistentVolume',
				metadata: {
					name: volume,
					annotations: { 'pv.kubernetes.io/provisioned-by': PROVISIONER },
					finalizers: ['kubernetes.io/pv-protection'],
				},
				spec: {
					accessModes: claim.spec.accessModes ?? [],
					capacity: { storage: claim.spec.resources?.requests?.storage ?? '' },
					claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', name, namespace, uid },
					hostPath: { path, type: 'DirectoryOrCreate' },
					nodeAffinity: {
						required: {
							nodeSelectorTerms: [
								{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [node] }] },
							],
						},
					},
					persistentVolumeReclaimPolicy: storageClass?.reclaimPolicy ?? 'Delete',
					storageClassName: claim.spec.storageClassName ?? '',
					volumeMode: 'Filesystem',
				},
			} as never);
			context.log(klog(context, 'I', 'volume_store.go:219', `persistentvolume "${volume}" saved`));
			event(claim, 'ProvisioningSucceeded', `Successfully provisioned volume ${volume}`);
		});
	};

	const unmake = (volume: PersistentVolume): void => {
		const { name } = volume.metadata;
		if (busy.has(name)) return;
		busy.add(name);
		const node = volume.spec.nodeAffinity?.required?.nodeSelectorTerms?.[0]?.matchExpressions?.[0]?.values?.[0] ?? '';
		const { path = '' } = (volume.spec.hostPath ?? {}) as { readonly path?: string };
		tell(1471, `delete "${name}": started`);
		info(`Deleting volume ${name} at ${node}:${path}`);
		info(`create the helper pod helper-pod-delete-${name} into ${NAMESPACE}`);
		help(helperPod(image, 'delete', name, node, path), () => {
			busy.delete(name);
			info(`Volume ${name} has been deleted on ${node}:${path}`);
			tell(1486, `delete "${name}": volume deleted`);
			const now = one<ApiObject>(api, 'persistentvolumes', undefined, name);
			if (!now) return;
			const { finalizers: _protection, ...metadata } = now.metadata;
			api.update({ ...now, metadata });
			removeOne(api, 'persistentvolumes', undefined, name);
			tell(1531, `delete "${name}": persistentvolume deleted`);
			tell(1536, `delete "${name}": succeeded`);
		});
	};

	const look = (): void => {
		if (podApiFault(cluster, machine)) {
			context.after(5 * SECOND, look);
			return;
		}
		for (const claim of all<Claim>(api, 'persistentvolumeclaims')) {
			const { annotations = {} } = claim.metadata;
			const node = annotations[SELECTED_NODE];
			const mine = annotations['volume.kubernetes.io/storage-provisioner'] === PROVISIONER;
			if (mine && node !== undefined && !isBound(claim) && claim.metadata.deletionTimestamp === undefined)
				make(claim, node);
		}
		for (const volume of all<PersistentVolume>(api, 'persistentvolumes'))
			if (
				volume.metadata.annotations?.['pv.kubernetes.io/provisioned-by'] === PROVISIONER &&
				volume.status?.phase === 'Released' &&
				volume.spec.persistentVolumeReclaimPolicy === 'Delete'
			)
				unmake(volume);
	};
	let soon = false;
	context.watch(({ object }) => {
		if (soon || (object.kind !== 'PersistentVolumeClaim' && object.kind !== 'PersistentVolume')) return;
		soon = true;
		context.after(context.between(20 * MILLISECOND, 120 * MILLISECOND, 'look'), () => {
			soon = false;
			look();
		});
	});
	look();
}

/** A UUID of the process. */
const identity = ({ cluster, pod, restarts }: ProgramContext): string => {
	const hex = cluster.timeline.hex(32, 'provisioner', `${pod.metadata.uid}\0${restarts}`);
	return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
};

/** Makes or removes a directory of the node, and ends. */
export const localPathHelper: Program = {
	closed: true,
	start(context) {
		peoplesContainers()?.runOnNode(context.cluster, context.machine, context.argv[2] ?? '');
		context.after(30 * MILLISECOND, () => context.exit(0));
	},
};
