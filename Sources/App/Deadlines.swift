import NIOCore
import NIOHTTPTypes

/// The limits of time that the server library leaves open: how long a body may take to arrive, and how long a
/// reader may take to read an answer. Whoever is slower is cut off.
///
/// How long the first line and headers may take, and how long a connection may idle, the library itself limits.
final class Deadlines: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let body: TimeAmount
    private let reading: TimeAmount
    private var bodyTimer: Scheduled<Void>?
    private var readingTimer: Scheduled<Void>?

    init(body: TimeAmount, reading: TimeAmount) { (self.body, self.reading) = (body, reading) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head: bodyTimer = closing(context, in: body)
        case .body: break
        case .end: stop(&bodyTimer)
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if readingTimer == nil { readingTimer = closing(context, in: reading) }
        guard case .end = unwrapOutboundIn(data) else { return context.write(data, promise: promise) }
        let sent = promise ?? context.eventLoop.makePromise(of: Void.self)
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        sent.futureResult.whenComplete { _ in bound.value.stop(&bound.value.readingTimer) }
        context.write(data, promise: sent)
    }

    func channelInactive(context: ChannelHandlerContext) {
        stop(&bodyTimer)
        stop(&readingTimer)
        context.fireChannelInactive()
    }

    private func closing(_ context: ChannelHandlerContext, in time: TimeAmount) -> Scheduled<Void> {
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        return context.eventLoop.scheduleTask(in: time) { bound.value.close(promise: nil) }
    }

    private func stop(_ timer: inout Scheduled<Void>?) {
        timer?.cancel()
        timer = nil
    }
}
