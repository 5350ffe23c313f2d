/** Pods of Jobs: how they are made, and how they are let go once counted (pkg/controller/job/job_controller.go @ v1.24.0). */
import type { ClusterContext } from '../../cluster/context.ts';
import { as, type ContainerSpec, type Labels, type Pod } from '../../cluster/kinds.ts';
import { minorOf } from '../../machine/node-images.ts';
import { createPodControl } from '../owned-pods.ts';
import { INDEX, INDEX_FAILURES, type Job, TRACKING } from './types.ts';

const ENV = 'JOB_COMPLETION_INDEX';

export interface JobPods {
	/** Answers why it could not be made, if so. `index` of an Indexed Job, and how often it has failed. */
	create(job: Job, index?: number, failures?: number): string | undefined;
	remove(job: Job, pod: Pod): void;
	/** Takes the finalizer away. */
	release(pod: Pod): void;
}

export function createJobPods(cluster: ClusterContext): JobPods {
	const { api } = cluster;
	const minor = minorOf(api.version);
	const control = createPodControl(cluster, 'job-controller');
	/** PodIndexLabel, on by default from 1.28. */
	const labelled = minor >= 28;

	const withIndex = (container: ContainerSpec): ContainerSpec => {
		if (container.env?.some(({ name }) => name === ENV)) return container;
		const fieldPath = `metadata.${labelled ? 'labels' : 'annotations'}['${INDEX}']`;
		return { ...container, env: [...(container.env ?? []), { name: ENV, valueFrom: { fieldRef: { fieldPath } } }] };
	};

	return {
		create(job, index, failures) {
			const { uid, name } = job.metadata;
			const own: Labels = { 'controller-uid': uid, 'job-name': name };
			const prefix = 'batch.kubernetes.io/';
			const more: Labels = minor >= 27 ? { [`${prefix}controller-uid`]: uid, [`${prefix}job-name`]: name } : {};
			const labels: Labels = { ...own, ...more };
			const finalizers = minor >= 25 ? { finalizers: [TRACKING] } : {};
			const { template } = job.spec;
			if (index === undefined) return control.create(job, template, { labels, ...finalizers });
			const { spec } = template;
			return control.create(job, template, {
				generateName: `${name}-${index}-`,
				labels: labelled ? { ...labels, [INDEX]: String(index) } : labels,
				annotations: {
					[INDEX]: String(index),
					...(failures === undefined ? {} : { [INDEX_FAILURES]: String(failures) }),
				},
				...finalizers,
				spec: {
					...spec,
					hostname: `${name}-${index}`,
					containers: spec.containers.map(withIndex),
					...(spec.initContainers ? { initContainers: spec.initContainers.map(withIndex) } : {}),
				},
			});
		},
		remove: control.remove,
		release(pod) {
			const { finalizers = [] } = pod.metadata;
			if (!finalizers.includes(TRACKING)) return;
			const rest = finalizers.filter((name) => name !== TRACKING);
			api.update({ ...as<object>(pod as never), metadata: { ...pod.metadata, finalizers: rest } } as never);
		},
	};
}
