/** The controllers of a cluster: all that kube-controller-manager and kube-scheduler run here. */
import type { ClusterContext } from '../cluster/context.ts';
import { daemonSetController } from './daemon-set.ts';
import { deploymentController } from './deployment.ts';
import { endpointSliceController, endpointsController } from './endpoints.ts';
import {
	definitionController,
	garbageController,
	namespaceController,
	podGcController,
	serviceAccountController,
} from './housekeeping.ts';
import { kubernetesServiceController } from './kubernetes-service.ts';
import { onceLoaded } from './later.ts';
import { type Controller, startController } from './loop.ts';
import { nodeLifecycleController, podCidrController, taintEvictionController, ttlController } from './nodes.ts';
import { replicaSetController } from './replica-set.ts';
import { schedulerController } from './scheduler/index.ts';

const CONTROLLERS: readonly ((cluster: ClusterContext) => Controller)[] = [
	podCidrController,
	nodeLifecycleController,
	taintEvictionController,
	ttlController,
	serviceAccountController,
	deploymentController,
	replicaSetController,
	daemonSetController,
	endpointsController,
	endpointSliceController,
	kubernetesServiceController,
	namespaceController,
	definitionController,
	garbageController,
	podGcController,
	schedulerController,
];

/** Starts them; answers how to stop them. */
export function startControllers(cluster: ClusterContext): () => void {
	const stops = CONTROLLERS.map((make) => startController(cluster, make(cluster)));
	stops.push(
		onceLoaded(({ PEOPLES_CONTROLLERS: makers }) => {
			for (const make of makers) stops.push(startController(cluster, make(cluster)));
		}),
	);
	return () => {
		for (const stop of stops) stop();
	};
}

export { loadControllers } from './later.ts';
