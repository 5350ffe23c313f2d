import { Worker } from 'node:worker_threads';
import type { Delivery, Order } from './worker.ts';

let worker: Worker | undefined;
let count = 0;
const waiting = new Map<number, { resolve: (svg: string) => void; reject: (error: Error) => void }>();

/** Draws one Mermaid diagram. `id` starts each id inside it. Rejects with Mermaid's own words when the source is wrong. */
export function drawDiagram(source: string, id: string): Promise<string> {
	worker ??= start();
	const number = ++count;
	const promise = new Promise<string>((resolve, reject) => waiting.set(number, { resolve, reject }));
	worker.ref();
	worker.postMessage({ number, id, source } satisfies Order);
	return promise;
}

function start(): Worker {
	const started = new Worker(new URL('./worker.ts', import.meta.url));
	started.on('message', (delivery: Delivery) => {
		const order = waiting.get(delivery.number);
		waiting.delete(delivery.number);
		// With nothing to draw the thread must not keep the build from ending.
		if (waiting.size === 0) started.unref();
		if ('svg' in delivery) order?.resolve(delivery.svg);
		else order?.reject(new Error(delivery.error));
	});
	started.on('error', (error: Error) => {
		for (const order of waiting.values()) order.reject(error);
		waiting.clear();
		worker = undefined;
	});
	return started;
}
