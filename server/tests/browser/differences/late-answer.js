// An answer that is held back for some time.
export default async function ({ peer, hand, pause, until }) {
  const after = async (ms) => {
    const [caller, answerer] = [peer(), peer()];
    hand(caller, answerer);
    const channel = caller.createDataChannel('probe');
    await caller.setLocalDescription();
    await answerer.setRemoteDescription(caller.localDescription);
    await answerer.setLocalDescription();
    await pause(ms);
    await caller.setRemoteDescription(answerer.localDescription);
    await until(() => channel.readyState === 'open' || answerer.connectionState === 'failed', 5_000);
    return channel.readyState === 'open' ? 'connects' : answerer.connectionState;
  };
  const [soon, later] = await Promise.all([after(2_000), after(7_000)]);
  return `after 2 s ${soon}, after 7 s ${later}`;
}
