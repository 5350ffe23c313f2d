/**
 * What containers of people's need and those of the cluster's own do without: files, volumes, users, their images, and
 * web servers with a configuration. Fetched by whoever lets people bring containers or look into them (kubectl, helm,
 * docker, crictl), before anything is done.
 */
import { loadServers } from './servers.ts';

type Containers = typeof import('./index.ts');

let containers: Containers | undefined;

/** Undefined until they were fetched. */
export const peoplesContainers = (): Containers | undefined => containers;

/** The same without servers: nobody starts a container, or asks one. */
export const loadContainersToLookAt = async (): Promise<void> => {
	containers ??= await import('./index.ts');
};

/** Fetches what people's containers need; until it is there, they run without variables, volumes and users. */
export const loadContainers = async (): Promise<void> => {
	await Promise.all([loadContainersToLookAt(), loadServers()]);
};
