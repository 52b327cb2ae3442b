/** Where jobs wait for other machines; each file is one kind of broker. */
export type { BrokerAccess } from './lib/connection.ts'
export { natsBroker } from './nats.ts'
