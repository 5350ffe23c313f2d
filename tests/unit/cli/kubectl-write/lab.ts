/** A terminal on four nodes with Cilium and an echo server, whose lines may wait an hour; and what is applied there. */
import { type Terminal, terminal as terminalOf } from '../terminal.ts';

export type { Terminal };

export const terminal = (): Promise<Terminal> => terminalOf('kind-basic', { patience: 3600e6 });

export const WEB = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - {name: nginx, image: nginx}
      - {name: side, image: busybox, command: [sleep, inf]}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
`;
