import { expect, test } from 'vitest';
import { desk } from './desk.ts';

test('describe tells an autoscaler’s metrics, bounds, behaviour and conditions', async () => {
	const d = desk();
	const made = d.make({
		apiVersion: 'autoscaling/v2',
		kind: 'HorizontalPodAutoscaler',
		metadata: { name: 'web' },
		spec: {
			minReplicas: 2,
			maxReplicas: 5,
			scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
			metrics: [
				{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
				{ type: 'Pods', pods: { metric: { name: 'rps' }, target: { type: 'AverageValue', averageValue: '100' } } },
			],
			behavior: {
				scaleDown: {
					stabilizationWindowSeconds: 60,
					policies: [{ type: 'Percent', value: 10, periodSeconds: 15 }],
				},
			},
		},
	});
	const conditions = [{ type: 'AbleToScale', status: 'True', reason: 'SucceededGetScale', message: 'it was able to' }];
	d.api.updateStatus({ ...made, status: { conditions, currentReplicas: 2, desiredReplicas: 0 } } as never);
	expect((await d.run('describe hpa web')).out.replace(/ +$/gm, '')).toBe(`\
Name:                                                  web
Namespace:                                             default
Labels:                                                <none>
Annotations:                                           <none>
CreationTimestamp:                                     Mon, 22 Aug 2022 09:15:00 +0000
Reference:                                             Deployment/web
Metrics:                                               ( current / target )
  resource cpu on pods  (as a percentage of request):  <unknown> / 80%
  "rps" on pods:                                       <unknown> / 100
Min replicas:                                          2
Max replicas:                                          5
Behavior:
  Scale Up:
    Stabilization Window: 0 seconds
    Select Policy: Max
    Policies:
      - Type: Pods     Value: 4    Period: 15 seconds
      - Type: Percent  Value: 100  Period: 15 seconds
  Scale Down:
    Stabilization Window: 60 seconds
    Select Policy: Max
    Policies:
      - Type: Percent  Value: 10  Period: 15 seconds
Deployment pods:       2 current / 0 desired
Conditions:
  Type         Status  Reason             Message
  ----         ------  ------             -------
  AbleToScale  True    SucceededGetScale  it was able to
Events:        <none>
`);
});
