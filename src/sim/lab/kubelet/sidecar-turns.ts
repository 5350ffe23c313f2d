/** Who of a pod's containers is told to end when. */
import { type ContainerRecord, isSidecar } from './container.ts';
import type { ContainerSteps } from './container-steps.ts';
import type { PodEnv } from './pod-env.ts';

/** Like `ContainerSteps.stop`, each sidecar in its turn. */
export type StopInTurn = (record: ContainerRecord, grace: number, done: () => void) => void;

/**
 * Sidecars are told to end when all containers have, the last of them first, or when their time is over; hooks run at
 * once (pkg/kubelet/kuberuntime/kuberuntime_termination_order.go @ v1.29.0).
 */
export function createTurns(
	later: PodEnv['later'],
	stop: ContainerSteps['stop'],
	init: readonly ContainerRecord[],
	containers: readonly ContainerRecord[],
): StopInTurn {
	/** Sidecars whose turn to end has not come. */
	let queue: readonly { readonly isNext: () => boolean; readonly go: () => void }[] = [];

	return (record, grace, done) => {
		const before = isSidecar(record) ? [...containers, ...init.slice(init.indexOf(record) + 1).filter(isSidecar)] : [];
		const isNext = (): boolean => before.every(({ run }) => !run);
		const inTurn = (act: () => void, left: number): void => {
			let begun = false;
			const go = (): void => {
				if (begun) return;
				begun = true;
				act();
			};
			if (isNext()) go();
			else {
				queue = [...queue, { isNext, go }];
				later(left, go);
			}
		};
		const over = (): void => {
			done();
			const next = queue.filter((one) => one.isNext());
			queue = queue.filter((one) => !next.includes(one));
			for (const one of next) one.go();
		};
		stop(record, grace, over, inTurn);
	};
}
