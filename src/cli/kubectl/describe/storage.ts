/** Volumes of the cluster, their classes, priority classes, CSI nodes. Source: describe.go @ kubectl v0.24.0. */
import type { ApiObject } from '../../../sim/api/index.ts';
import { at, canonical, type Fields, has, number, sub, subs, text, texts } from '../print/index.ts';
import { all, type Description, labelsText, NONE, timeText, UNSET } from './description.ts';
import { describeSource, modesText } from './volumes.ts';

const statusText = (d: Description, object: ApiObject): string =>
	object.metadata.deletionTimestamp === undefined
		? text(object, 'status', 'phase')
		: `Terminating (lasts ${d.since(object.metadata.deletionTimestamp)})`;

const finalizers = (object: ApiObject): string => `[${(object.metadata.finalizers ?? []).join(' ')}]`;

/** `key in [a, b]`, the first beside its term. */
function describeTerms(d: Description, level: number, terms: readonly Fields[], list: string, operator?: string): void {
	for (const [i, term] of terms.entries()) {
		const requirements = subs(term, list).map((item) => {
			const values = texts(item, 'values');
			return `${text(item, 'key')} ${operator ?? text(item, 'operator').toLowerCase()}${values.length > 0 ? ` [${values.join(', ')}]` : ''}`;
		});
		d.put(level, `Term ${i}:\t${requirements[0] ?? NONE}\n`);
		for (const requirement of requirements.slice(1)) d.put(level, `\t${requirement}\n`);
	}
}

export function describePersistentVolume(d: Description, volume: ApiObject): void {
	const { metadata } = volume;
	const spec = sub(volume, 'spec');
	d.line(0, 'Name', metadata.name);
	d.labels('Labels', metadata.labels);
	d.annotations('Annotations', metadata.annotations);
	d.line(0, 'Finalizers', finalizers(volume));
	d.line(0, 'StorageClass', text(spec, 'storageClassName'));
	d.line(0, 'Status', statusText(d, volume));
	const claim = sub(spec, 'claimRef');
	d.line(0, 'Claim', has(spec, 'claimRef') ? `${text(claim, 'namespace')}/${text(claim, 'name')}` : '');
	d.line(0, 'Reclaim Policy', text(spec, 'persistentVolumeReclaimPolicy'));
	d.line(0, 'Access Modes', modesText(texts(spec, 'accessModes')));
	d.optional(0, 'VolumeMode', text(spec, 'volumeMode'));
	d.line(0, 'Capacity', canonical(text(spec, 'capacity', 'storage') || '0'));
	if (!has(spec, 'nodeAffinity', 'required')) d.line(0, 'Node Affinity', NONE);
	else {
		const terms = subs(spec, 'nodeAffinity', 'required', 'nodeSelectorTerms');
		d.put(0, 'Node Affinity:\t\n');
		d.put(1, `Required Terms:\t${terms.length === 0 ? NONE : ''}\n`);
		describeTerms(d, 2, terms, 'matchExpressions');
	}
	d.line(0, 'Message', text(volume, 'status', 'message'));
	d.put(0, 'Source:\n');
	describeSource(d, spec);
	d.events(volume);
}

export function describePersistentVolumeClaim(d: Description, claim: ApiObject): void {
	const { metadata } = claim;
	const spec = sub(claim, 'spec');
	const status = sub(claim, 'status');
	const bound = text(spec, 'volumeName') !== '';
	d.line(0, 'Name', metadata.name);
	d.line(0, 'Namespace', metadata.namespace);
	d.line(0, 'StorageClass', text(spec, 'storageClassName'));
	d.line(0, 'Status', statusText(d, claim));
	d.line(0, 'Volume', text(spec, 'volumeName'));
	d.labels('Labels', metadata.labels);
	d.annotations('Annotations', metadata.annotations);
	d.line(0, 'Finalizers', finalizers(claim));
	d.line(0, 'Capacity', bound ? canonical(text(status, 'capacity', 'storage') || '0') : '');
	d.line(0, 'Access Modes', bound ? modesText(texts(status, 'accessModes')) : '');
	d.optional(0, 'VolumeMode', text(spec, 'volumeMode'));
	if (has(spec, 'dataSource')) {
		d.put(0, 'DataSource:\n');
		if (has(spec, 'dataSource', 'apiGroup')) d.line(1, 'APIGroup', text(spec, 'dataSource', 'apiGroup'));
		d.line(1, 'Kind', text(spec, 'dataSource', 'kind'));
		d.line(1, 'Name', text(spec, 'dataSource', 'name'));
	}
	const users = all(d.api, 'pods', metadata.namespace).filter((pod) =>
		subs(pod, 'spec', 'volumes').some((volume) => text(volume, 'persistentVolumeClaim', 'claimName') === metadata.name),
	);
	d.list('Used By', users.map((pod) => pod.metadata.name).sort());
	d.events(claim);
}

export function describeStorageClass(d: Description, object: ApiObject): void {
	const annotations = object.metadata.annotations ?? {};
	const isDefault = [
		'storageclass.kubernetes.io/is-default-class',
		'storageclass.beta.kubernetes.io/is-default-class',
	].some((key) => annotations[key] === 'true');
	d.line(0, 'Name', object.metadata.name);
	d.line(0, 'IsDefaultClass', isDefault ? 'Yes' : 'No');
	d.line(0, 'Annotations', labelsText(annotations));
	d.line(0, 'Provisioner', text(object, 'provisioner'));
	d.line(0, 'Parameters', labelsText(object.parameters));
	const grows = object.allowVolumeExpansion;
	d.line(0, 'AllowVolumeExpansion', grows === undefined ? UNSET : grows === true ? 'True' : 'False');
	const options = texts(object, 'mountOptions');
	d.put(0, options.length === 0 ? `MountOptions:\t${NONE}\n` : 'MountOptions:\n');
	for (const option of options) d.put(1, `${option}\n`);
	d.optional(0, 'ReclaimPolicy', text(object, 'reclaimPolicy'));
	d.optional(0, 'VolumeBindingMode', text(object, 'volumeBindingMode'));
	if (has(object, 'allowedTopologies')) {
		const topologies = subs(object, 'allowedTopologies');
		d.put(0, `AllowedTopologies:\t${topologies.length === 0 ? NONE : ''}\n`);
		describeTerms(d, 1, topologies, 'matchLabelExpressions', 'in');
	}
	d.events(object);
}

export function describePriorityClass(d: Description, object: ApiObject): void {
	d.line(0, 'Name', object.metadata.name);
	d.line(0, 'Value', number(object, 'value'));
	d.line(0, 'GlobalDefault', at(object, 'globalDefault') === true);
	d.line(0, 'PreemptionPolicy', text(object, 'preemptionPolicy'));
	d.line(0, 'Description', text(object, 'description'));
	d.line(0, 'Annotations', labelsText(object.metadata.annotations));
	d.events(object);
}

export function describeCsiNode(d: Description, object: ApiObject): void {
	d.line(0, 'Name', object.metadata.name);
	d.labels('Labels', object.metadata.labels);
	d.annotations('Annotations', object.metadata.annotations);
	d.line(0, 'CreationTimestamp', timeText(object.metadata.creationTimestamp));
	d.put(0, 'Spec:\n');
	const drivers = subs(object, 'spec', 'drivers');
	if (drivers.length > 0) d.put(1, 'Drivers:\n');
	for (const driver of drivers) {
		d.put(2, `${text(driver, 'name')}:\n`);
		d.line(3, 'Node ID', text(driver, 'nodeID'));
		if (has(driver, 'allocatable', 'count')) {
			d.put(3, 'Allocatables:\n');
			d.line(4, 'Count', number(driver, 'allocatable', 'count'));
		}
		if (has(driver, 'topologyKeys')) d.line(3, 'Topology Keys', `[${texts(driver, 'topologyKeys').join(' ')}]`);
	}
	d.events(object);
}
