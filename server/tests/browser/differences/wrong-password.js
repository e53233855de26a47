// What is said of a wrong password for a TURN server.
export default async function ({ lent, peer, until }) {
  const [server] = lent;
  if (!server) return 'no server at this address';
  const pc = peer({ iceServers: [{ ...server, credential: 'wrong' }], iceTransportPolicy: 'relay' });
  const errors = [];
  pc.onicecandidateerror = ({ errorCode, errorText }) => errors.push(`${errorCode} ${errorText}`);
  pc.createDataChannel('probe');
  await pc.setLocalDescription();
  await until(() => errors.length > 0, 5_000);
  return errors[0];
}
