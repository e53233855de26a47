// What a sender says of the scalability mode that it was made with.
export default async function ({ peer }) {
  const sendEncodings = [{ scalabilityMode: 'L1T2' }];
  const { sender } = peer().addTransceiver('video', { sendEncodings });
  return sender.getParameters().encodings[0].scalabilityMode ?? 'nothing';
}
