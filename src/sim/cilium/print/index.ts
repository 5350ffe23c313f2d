/** What the agent's own tools print of the maps, line by line: pure functions over a namespace. */
export { ctFlagsText, ctKeyText, ctLine, ctListGlobal } from './ct.ts';
export { ipcacheList, remoteEndpointText, tunnelList } from './ipcache.ts';
export { lbList, lbListBackends, lbListRevNat, lbListSourceRanges, serviceFlagsText, serviceKeyText } from './lb.ts';
export { natLine, natList } from './nat.ts';
export { type Printed, twoColumns } from './table.ts';
export { type CiliumList, ciliumList } from './tool.ts';
