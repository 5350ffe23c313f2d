/**
 * Containers of people's, as far as they have files, users, variables and web servers with a configuration. Eager code
 * asks `later.ts` for it; tools import what they need.
 *
 * ```ts
 * const state = stateAt(cluster, 'default', 'web', 'nginx');   // what runs under that name now
 * state.disk.read('/etc/nginx/conf.d/default.conf');            // files as its user sees them
 * state.web?.answer(request);                                   // what nginx or httpd answers
 * mountsOf({ namespace, pod, container }, cluster);             // what df and mount list
 * ```
 */

export type { Asker, DnsNetwork, DnsQuestion, DnsReply } from '../coredns/question.ts';
export {
	type CoreDnsServer,
	corednsBanner,
	corednsFiles,
	corednsLameduck,
	corednsOf,
	startCoreDns,
} from '../coredns/server.ts';
export { createDisk, type Disk, type DiskFault, type DiskMount, type DiskUser, FAULT_TEXT } from '../disk/disk.ts';
export { type DirectoryNode, type DiskNode, directory, file, octetsOf, textOf, usage } from '../disk/tree.ts';
export { unsimulated } from './apps/unsimulated.ts';
export { goesAstray } from './astray.ts';
export { dockerDial, peoplesImage, pullRefusal } from './catalog.ts';
export { endpointLine, policyLine, relayPeer, relayStart } from './cilium-log.ts';
export { installPlugin, pluginFault, sandboxId } from './cni-plugins.ts';
export { allocateInDocker, dockerCgroup } from './docker-limits.ts';
export {
	type DockerEntry,
	type DockerSettings,
	dockerDiff,
	dockerDisk,
	dockerEntry,
	dockerHost,
	dockerListens,
	dockerServed,
	dockerUser,
	dockerWrote,
	forgetDocker,
	knownDocker,
	setDocker,
} from './docker-states.ts';
export {
	type DockerMount,
	type DockerVolume,
	ensureVolume,
	fillVolume,
	laptopBinds,
	laptopDisk,
	volumesOfDocker,
} from './docker-volumes.ts';
export { environmentOf, missingEnv, skippedEnv, withVariables } from './env.ts';
export { etcdFault, etcdWent, withEtcd } from './etcd-away.ts';
export { httpDate, type WebAnswer, type WebHost, type WebNetwork, type WebRequest } from './http.ts';
export { imageFacts } from './image-facts.ts';
export { imageRelease, imageVolumes } from './image-root.ts';
export { kubeletFileAsWritten, kubeletStart, kubeletUnit, unitChanged } from './kubelet-start.ts';
export { setManifest } from './manifests.ts';
export { allocate, cgroupFiles, type KernelLine, kernelLog, printkTime, wasOutOfMemory } from './memory.ts';
export { mountsOf } from './mounts.ts';
export {
	allLeave,
	beginWorkers,
	type NginxLine,
	type NginxProcesses,
	type NginxWorker,
	nginxLine,
	nginxProcesses,
	workerLeaves,
} from './nginx/processes.ts';
export { addressMoved, configuredAddress, publishApiServer } from './node-addresses.ts';
export { kubeadmFlags } from './node-files.ts';
export { type NodePull, pullOnNode, type RemovedImage, removeFromDocker, removeOnNode } from './node-images.ts';
export { kubeletCgroupFlags, kubeletExtraArgs, kubeletStartLine, type UnitFile, unitFiles } from './node-units.ts';
export { nodeDisk, nodeRoot, runOnNode } from './nodes.ts';
export { peoplesProgram } from './programs.ts';
export { tellUnheeded } from './proxy-settings.ts';
export { seccompFault } from './seccomp.ts';
export { capabilitiesOf, rootRefusal, securityOf, statusLines, userName, userOf } from './security.ts';
export {
	askAt,
	beginWeb,
	dockerWeb,
	handsOn,
	listensIn,
	probeAnswer,
	reloadDockerWeb,
	reloadNginx,
	specIn,
} from './serving.ts';
export {
	type ContainerState,
	containerState,
	contextOf,
	forgetContainer,
	mountFault,
	mountsOfSpec,
	stateAt,
	stateOf,
	statesOn,
} from './states.ts';
export { watchStorage } from './storage.ts';
export { setUpVolumes, tearDownVolumes, usesObject, volumeFaults, volumesOf } from './volumes.ts';
export { configFiles, nginxSays, passedOver, readNginx, serverOf, type WebServer } from './web.ts';
export { startWeb, webAccess } from './words.ts';
