/** The first worker's process id, as after the entrypoint's scripts. */
export const WORKER = 29;
