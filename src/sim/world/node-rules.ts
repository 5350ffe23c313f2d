/** What a node's own programs write into netfilter, once somebody looks: the terminal fetches it with the packets' way. */
export { kubeletRules, proxyRules } from '../kube/index.ts';
